package io.strates.cache;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A cache of values that never change under their key.
 *
 * <p>
 * <b>Consistency:</b> a value is what the loader answered for exactly this key, on this
 * node or another; that there is none is cached as well. Values are shared by all
 * callers, which is safe because they are immutable. <b>Concurrency:</b> thread-safe; of
 * the threads of a node that want a key which no tier has, one loads and the others wait
 * for it, no longer than the load's time limit. <b>Failures:</b> a loader that throws is
 * an error for all who wait, and nothing is cached; one that asks for the key that it
 * loads gets an {@link IllegalStateException}. A second tier that is away is a miss.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @since 0.1.0
 */
public interface ImmutableCache<K, V> {

	/**
	 * Returns a value.
	 * @param key the key
	 * @param loader loads it where no tier has it
	 * @return the value, or {@code null} if there is none
	 * @throws LoadFailedException if the load of another thread was awaited, and failed
	 * or did not end in time
	 */
	@Nullable V get(K key, BatchLoader<K, V> loader);

	/**
	 * Returns a value that the memory of this node has, without waiting for anything: the
	 * first thing to try where reads are many.
	 * @param key the key
	 * @return the value, or {@code null} if it is not in memory or there is none; not
	 * counted as a miss, since {@link #get} is to follow
	 */
	@Nullable V peek(K key);

	/**
	 * Returns several values, with at most one round trip to the second tier and one call
	 * of the loader.
	 * @param keys the keys; one that is there twice counts once
	 * @param loader loads what no tier has
	 * @return the values by key, in the order of the keys, without those that have none
	 * @throws LoadFailedException if the load of another thread was awaited, and failed
	 * or did not end in time
	 */
	Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader);

	/**
	 * Returns the keys that L1 would give up last. Takes a look at all keys.
	 * @param condition which keys count
	 * @param limit how many keys at most
	 * @return the keys, the hottest first
	 */
	List<K> hottest(Predicate<? super K> condition, int limit);

	/**
	 * Forgets all keys of groups in the memory of this node.
	 * @param groups the groups, as the cache's specification tells them from a key
	 */
	void removeLocal(Set<String> groups);

	/**
	 * Forgets all keys of groups in the memory of this node and in the second tier.
	 * @param groups the groups, as the cache's specification tells them from a key
	 * @return how many keys the second tier held
	 * @throws TierUnavailableException if the second tier does not answer
	 */
	long removeAll(Set<String> groups);

	/**
	 * Returns what this cache did so far.
	 * @return the statistics of this node
	 */
	CacheStatistics statistics();

}
