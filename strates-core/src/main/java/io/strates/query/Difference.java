package io.strates.query;

/**
 * What became of one id between two builds.
 *
 * @param id the application's own id
 * @param kind what became of it
 * @since 0.1.0
 */
public record Difference(Object id, Kind kind) {

	/**
	 * What can become of an id.
	 */
	public enum Kind {

		/** Only the later build has it. */
		ADDED,
		/** Only the earlier build has it. */
		REMOVED,
		/** Both have it, with different values. */
		CHANGED

	}

}
