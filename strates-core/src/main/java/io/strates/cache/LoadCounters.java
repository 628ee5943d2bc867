package io.strates.cache;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;

/** Counts what one cache does. */
final class LoadCounters {

	final LongAdder remoteHits = new LongAdder();

	final LongAdder remoteMisses = new LongAdder();

	final LongAdder loads = new LongAdder();

	final LongAdder loadFailures = new LongAdder();

	final LongAdder loadNanos = new LongAdder();

	final LongAdder coalesced = new LongAdder();

	CacheStatistics snapshot(String name, Cache<?, ?> local) {
		CacheStats stats = local.stats();
		return new Snapshot(name, local.estimatedSize(), stats.hitCount(), stats.missCount(), this.remoteHits.sum(),
				this.remoteMisses.sum(), this.loads.sum(), this.loadFailures.sum(),
				Duration.ofNanos(this.loadNanos.sum()), this.coalesced.sum(), stats.evictionCount());
	}

	record Snapshot(String name, long size, long localHits, long localMisses, long remoteHits, long remoteMisses,
			long loads, long loadFailures, Duration loadTime, long coalesced,
			long evictions) implements CacheStatistics {
	}

}
