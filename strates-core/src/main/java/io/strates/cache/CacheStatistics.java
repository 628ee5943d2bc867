package io.strates.cache;

import java.time.Duration;

/**
 * What a cache did on this node since it was created, at one moment. The numbers only
 * grow, except for the size.
 *
 * @since 0.1.0
 */
public interface CacheStatistics {

	/**
	 * Returns the name of the cache.
	 * @return the name
	 */
	String name();

	/**
	 * Returns about how many keys L1 holds.
	 * @return the number of keys
	 */
	long size();

	/**
	 * Returns how often L1 had the key.
	 * @return the number of reads
	 */
	long localHits();

	/**
	 * Returns how often L1 did not have the key.
	 * @return the number of reads
	 */
	long localMisses();

	/**
	 * Returns how often L2 had a key.
	 * @return the number of keys
	 */
	long remoteHits();

	/**
	 * Returns how often L2 was asked for a key and did not have it, or did not answer.
	 * @return the number of keys
	 */
	long remoteMisses();

	/**
	 * Returns how many keys the loader was asked for.
	 * @return the number of keys
	 */
	long loads();

	/**
	 * Returns how many calls of the loader failed.
	 * @return the number of calls
	 */
	long loadFailures();

	/**
	 * Returns how long the calls of the loader took in all.
	 * @return the time
	 */
	Duration loadTime();

	/**
	 * Returns how many reads waited for the load of another instead of loading.
	 * @return the number of reads
	 */
	long coalesced();

	/**
	 * Returns how many keys L1 gave up for others.
	 * @return the number of keys
	 */
	long evictions();

}
