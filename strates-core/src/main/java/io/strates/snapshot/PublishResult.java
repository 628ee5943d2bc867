package io.strates.snapshot;

/**
 * What became of a value that was published.
 *
 * @param status whether it is in the cache, and why not
 * @param current the revision that is in the cache now
 * @param <T> the type of the value
 * @since 0.1.0
 */
public record PublishResult<T>(Status status, SnapshotValue<T> current) {

	/**
	 * Whether a value is in the cache, and why not.
	 *
	 * @since 0.1.0
	 */
	public enum Status {

		/** It is. */
		PUBLISHED,

		/** What is there is fresh, and comes from a source that is trusted more. */
		IGNORED_LOWER_AUTHORITY,

		/** What is there was observed later. */
		IGNORED_OLDER,

		/** What is there was observed at the same time. */
		IGNORED_DUPLICATE

	}

	/**
	 * Returns whether the value is in the cache.
	 * @return {@code false} if it was ignored
	 */
	public boolean isPublished() {
		return this.status == Status.PUBLISHED;
	}

}
