package io.strates.release;

import java.time.Instant;

import io.strates.internal.Arguments;

/**
 * The earlier state that a rollback restores.
 *
 * @since 0.1.0
 */
public sealed interface RollbackTarget {

	/**
	 * Returns the state before the live one: the newest earlier release in the log whose
	 * build was not rejected, counting from where the live build was first released.
	 * @return the target
	 */
	static RollbackTarget previous() {
		return new Previous();
	}

	/**
	 * Returns the state of a release. Named so exactly, it may also be one that a
	 * rollback rejected.
	 * @param number the release number
	 * @return the target
	 */
	static RollbackTarget release(long number) {
		return new Numbered(number);
	}

	/**
	 * Returns the state that was live at an instant.
	 * @param instant an instant that is not in the future
	 * @return the target
	 */
	static RollbackTarget asOf(Instant instant) {
		return new AsOf(instant);
	}

	/** The state before the live one. */
	record Previous() implements RollbackTarget {
	}

	/**
	 * The state of a release.
	 *
	 * @param number the release number
	 */
	record Numbered(long number) implements RollbackTarget {
	}

	/**
	 * The state at an instant.
	 *
	 * @param instant the instant
	 */
	record AsOf(Instant instant) implements RollbackTarget {

		/**
		 * Creates the target.
		 * @throws NullPointerException if the instant is {@code null}
		 */
		public AsOf {
			Arguments.notNull(instant, "instant");
		}

	}

}
