package io.strates.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A cache of values that change, the same on every node.
 *
 * <p>
 * <b>Consistency:</b> a read that follows an acknowledged write on the same node sees
 * that write or a newer one; on another node it does as soon as the message of the write
 * has come, which is sent before the write is committed. An older value never replaces a
 * newer one in any tier, and a removed one never comes back. While a node does not hear
 * the others, its memory is good for moments only. Values are shared by all callers: they
 * must be immutable. <b>Concurrency:</b> thread-safe; of the threads of a node that want
 * a key which no tier has, one loads. <b>Failures:</b> a loader that throws is an error
 * for all who wait, and nothing is cached; one that asks for the key that it loads gets
 * an {@link IllegalStateException}. A second tier that is away makes reads slower.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values, which are immutable
 * @since 0.1.0
 */
public interface CoherentCache<K, V> {

	/**
	 * Returns a value.
	 * @param key the key
	 * @param loader loads it where no tier has it
	 * @return the value, or {@code null} if there is none
	 * @throws LoadFailedException if the load of another thread was awaited, and failed
	 * or did not end in time
	 */
	default @Nullable V get(K key, BatchLoader<K, V> loader) {
		return lookUp(key, loader).value();
	}

	/**
	 * Returns a value, and where it comes from.
	 * @param key the key
	 * @param loader loads it where no tier has it
	 * @return the answer
	 * @throws LoadFailedException if the load of another thread was awaited, and failed
	 * or did not end in time
	 */
	CacheAnswer<V> lookUp(K key, BatchLoader<K, V> loader);

	/**
	 * Returns several values, with at most one round trip for those that the second tier
	 * has, and one call of the loader.
	 * @param keys the keys; one that is there twice counts once
	 * @param loader loads what no tier has
	 * @return the values by key, in the order of the keys, without those that have none
	 * @throws LoadFailedException if the load of another thread was awaited, and failed
	 * or did not end in time
	 */
	Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader);

	/**
	 * Returns a value that some tier has, without loading it. Asks the second tier, in
	 * one round trip, where memory does not have it.
	 * @param key the key
	 * @return the answer, or {@code null} if no tier knows the key
	 */
	@Nullable CacheAnswer<V> lookUpIfCached(K key);

	/**
	 * Returns a value that the memory of this node has, without waiting for anything.
	 * @param key the key
	 * @return the answer, or {@code null} if it is not in memory, or it takes a round
	 * trip to know whether it is up to date
	 */
	@Nullable CacheAnswer<V> peek(K key);

	/**
	 * Asks for the right to keep a value that is about to be computed.
	 * @param key the key
	 * @return the right, which must be closed
	 */
	CacheFill<V> fill(K key);

	/**
	 * Begins a write: from now until it ends, nothing that is read of these keys is kept.
	 * Returns without waiting for the second tier.
	 * @param keys the keys
	 * @param tags the names of what else changes with them, which {@link #tagToken}
	 * tells; entries that carry a tag of the same name stay, see {@link #invalidateTag}
	 * @return the write, which must be closed
	 */
	CacheWrite<K, V> write(Collection<? extends K> keys, Set<String> tags);

	/**
	 * Forgets keys in every tier of every node. Waits for the second tier, no longer than
	 * {@link CacheSettings#loadTimeout()}; if it does not answer, it and the other nodes
	 * are told when it is back, and this node does not read from it until then.
	 * @param keys the keys
	 */
	void invalidate(Collection<? extends K> keys);

	/**
	 * Forgets all keys of this cache, in every tier of every node, in one step, and as
	 * {@link #invalidate} does.
	 */
	void invalidateAll();

	/**
	 * Forgets all keys that carry a tag, in every tier of every node, in one step, and as
	 * {@link #invalidate} does. A process that dies meanwhile has forgotten all of them
	 * or none.
	 * @param tag the tag
	 */
	void invalidateTag(String tag);

	/**
	 * Returns what names the present state of a tag: as long as it is the same, no write
	 * with the tag has begun and nobody has invalidated it.
	 * @param tag the tag
	 * @return a token, or {@code null} while the tag is being written
	 */
	@Nullable String tagToken(String tag);

	/**
	 * Offers values that were read while a tag was in one state, such as the rows of a
	 * search. They are kept if nothing was written since.
	 * @param values the values by key
	 * @param tag the tag, which every write of one of these keys carries
	 * @param token the state of the tag before the values were read
	 */
	void offer(Map<K, V> values, String tag, String token);

	/**
	 * Returns what operators ask of this cache.
	 * @return the inspection of this node
	 */
	CacheInspection inspection();

	/**
	 * Returns what this cache did so far.
	 * @return the statistics of this node
	 */
	CacheStatistics statistics();

	/**
	 * Returns what keeps this cache coherent did so far.
	 * @return the statistics of this node
	 */
	CoherenceStatistics coherence();

}
