package io.strates.cache;

import java.util.Map;
import java.util.Set;

/**
 * Loads what no tier has.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @implSpec Called by the thread that reads, in its transaction if it has one. A coherent
 * cache that refreshes ahead, or that does not wait longer than its soft timeout, calls
 * it by a thread of its own, without a transaction.
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchLoader<K, V> {

	/**
	 * Loads values.
	 * @param keys the keys, at least one
	 * @return the values by key; a key that is not in it has no value, which an
	 * {@link ImmutableCache} keeps too, and a {@link CoherentCache} for
	 * {@link CacheSettings#absentTimeToLive()}
	 */
	Map<K, V> load(Set<K> keys);

}
