package io.strates.cache;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;

/** The counters of one cache. */
class LoadCounters {

	final LongAdder localHits = new LongAdder();

	final LongAdder localMisses = new LongAdder();

	final LongAdder remoteHits = new LongAdder();

	final LongAdder remoteMisses = new LongAdder();

	private final LongAdder loads = new LongAdder();

	private final LongAdder loadFailures = new LongAdder();

	private final LongAdder loadNanos = new LongAdder();

	final LongAdder coalesced = new LongAdder();

	private final LongAdder evictions = new LongAdder();

	/** Calls a loader, and counts and times that. */
	final <K, V> Map<K, V> load(Set<K> keys, BatchLoader<K, V> loader) {
		this.loads.add(keys.size());
		long start = System.nanoTime();
		try {
			return loader.load(keys);
		}
		catch (RuntimeException | Error ex) {
			this.loadFailures.increment();
			throw ex;
		}
		finally {
			this.loadNanos.add(System.nanoTime() - start);
		}
	}

	/** L1 gives up a key. */
	final void evicted(RemovalCause cause) {
		if (cause == RemovalCause.SIZE) {
			this.evictions.increment();
		}
	}

	/** Adds what L1 has counted itself. */
	final CacheStatistics snapshot(String name, Cache<?, ?> local) {
		return snapshot(name, local.estimatedSize(), local.stats());
	}

	final CacheStatistics snapshot(String name, long size) {
		return snapshot(name, size, CacheStats.empty());
	}

	private CacheStatistics snapshot(String name, long size, CacheStats local) {
		return new Snapshot(name, size, local.hitCount() + this.localHits.sum(),
				local.missCount() + this.localMisses.sum(), this.remoteHits.sum(), this.remoteMisses.sum(),
				this.loads.sum(), this.loadFailures.sum(), Duration.ofNanos(this.loadNanos.sum()), this.coalesced.sum(),
				local.evictionCount() + this.evictions.sum());
	}

	private record Snapshot(String name, long size, long localHits, long localMisses, long remoteHits,
			long remoteMisses, long loads, long loadFailures, Duration loadTime, long coalesced,
			long evictions) implements CacheStatistics {
	}

}
