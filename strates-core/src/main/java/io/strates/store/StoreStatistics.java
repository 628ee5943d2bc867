package io.strates.store;

import io.strates.cache.CacheStatistics;
import io.strates.cache.CoherenceStatistics;

/**
 * What a {@link TieredStore} did on this node since it was made, at one moment. The
 * numbers only grow, except for the writes that are queued or dead.
 *
 * @since 0.1.0
 */
public interface StoreStatistics {

	/**
	 * Returns the name of the store.
	 * @return the name
	 */
	String name();

	/**
	 * Returns how many entities were asked for by id.
	 * @return the number of ids
	 */
	long gets();

	/**
	 * Returns how many entities were written.
	 * @return the number of entities
	 */
	long puts();

	/**
	 * Returns how many ids were deleted.
	 * @return the number of ids
	 */
	long deletes();

	/**
	 * Returns how many searches were run or answered by the caches.
	 * @return the number of searches
	 */
	long searches();

	/**
	 * Returns how many operations failed, except that there was no entity.
	 * @return the number of operations
	 */
	long failures();

	/**
	 * Returns how many ids have a write that is acknowledged and not yet in the database,
	 * on all nodes.
	 * @return the number, -1 if the journal does not answer
	 */
	long queuedWrites();

	/**
	 * Returns how many ids have a write that the database has refused for good.
	 * @return the number, -1 if the journal does not answer
	 */
	long deadWrites();

	/**
	 * Returns what the tiers of the entities did.
	 * @return the statistics
	 */
	CacheStatistics entities();

	/**
	 * Returns what the tiers of the cached searches did.
	 * @return the statistics
	 */
	CacheStatistics cachedSearches();

	/**
	 * Returns what kept the entities coherent did.
	 * @return the statistics
	 */
	CoherenceStatistics coherence();

}
