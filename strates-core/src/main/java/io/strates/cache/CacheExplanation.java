package io.strates.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Why this node answers a key of a {@link CoherentCache} as it does, at one moment.
 *
 * @param key the key in L2 and in messages
 * @param memory what L1 holds, or {@code null} if it holds nothing
 * @param remote what L2 says
 * @param beingWritten whether this node is writing the key
 * @param loading whether this node is loading the key
 * @param trusted whether this node hears what other nodes write
 * @param debts how many keys of this node L2 has yet to be told of; while there are any,
 * this node does not read from L2
 * @param answer what the next read does, in a sentence
 * @since 0.1.0
 */
public record CacheExplanation(String key, @Nullable Memory memory, Remote remote, boolean beingWritten,
		boolean loading, boolean trusted, int debts, String answer) {

	/**
	 * What L1 holds of a key.
	 *
	 * @param age how long ago it was read or written
	 * @param remaining how much of its time is left, zero if it is over
	 * @param absent whether it says that the key has no value
	 * @param flaw why it is not used, or {@code null} if it is
	 * @since 0.1.0
	 */
	public record Memory(Duration age, Duration remaining, boolean absent, @Nullable String flaw) {
	}

	/**
	 * What L2 says of a key.
	 *
	 * @since 0.1.0
	 */
	public enum Remote {

		/** It has a value that can be used. */
		PRESENT,

		/** It has no value. */
		MISSING,

		/**
		 * It has a value of which a tag was invalidated or written since, which is a
		 * miss.
		 */
		OUTDATED,

		/**
		 * It has a value of another layout or of another key, or bytes of no meaning,
		 * which is a miss.
		 */
		UNREADABLE,

		/**
		 * It has no value and takes none, since some node is writing the key, or died
		 * while it did.
		 */
		FENCED,

		/** It does not answer, or may not be read before it is told of the debts. */
		AWAY,

		/** There is none, or it keeps no values of this cache. */
		NONE

	}

}
