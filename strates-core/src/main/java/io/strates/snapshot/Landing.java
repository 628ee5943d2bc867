package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What a call of a source brought for one key.
 */
sealed interface Landing {

	/**
	 * A fresh value.
	 *
	 * @param revision the value
	 * @param superseded the source whose value was fetched, if another one, which was
	 * published meanwhile, is delivered instead
	 */
	record Fresh(Revision<?> revision, @Nullable String superseded) implements Landing {
	}

	/**
	 * A value that was too old when it came.
	 *
	 * @param revision the value
	 */
	record Stale(Revision<?> revision, int attempts) implements Landing {
	}

	/**
	 * No value.
	 *
	 * @param failure why
	 * @param attempts how often the source was called
	 */
	record Failed(Throwable failure, int attempts) implements Landing {
	}

}
