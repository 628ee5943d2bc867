package io.strates.cache;

import org.jspecify.annotations.Nullable;

/**
 * A value, and where it comes from.
 *
 * @param value the value, or {@code null} if there is none
 * @param origin where it comes from
 * @param <V> the type of the value
 * @since 0.1.0
 */
public record CacheAnswer<V>(@Nullable V value, Origin origin) {

	/**
	 * Where a value comes from.
	 *
	 * @since 0.1.0
	 */
	public enum Origin {

		/** The memory of this node. */
		L1,

		/** The second tier. */
		L2,

		/** The loader, which read the database. */
		L3,

		/**
		 * The memory of this node, although its time was over, since the loader failed or
		 * was slow.
		 */
		STALE

	}

}
