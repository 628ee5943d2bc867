package io.strates.snapshot;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * What the cache of a builder has done since it was created.
 */
final class CacheCounts {

	private final LongAdder freshHits = new LongAdder();

	private final LongAdder staleHits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder writes = new LongAdder();

	private final LongAdder invalidations = new LongAdder();

	private final LongAdder evictions = new LongAdder();

	private final LongAdder expirations = new LongAdder();

	/** Values were there and of use. */
	void hit(long number, boolean fresh) {
		(fresh ? this.freshHits : this.staleHits).add(number);
	}

	void missed() {
		this.misses.increment();
	}

	void written() {
		this.writes.increment();
	}

	void invalidated(long number) {
		this.invalidations.add(number);
	}

	void evicted() {
		this.evictions.increment();
	}

	void expired(long number) {
		this.expirations.add(number);
	}

	BuilderHealth.CacheState state(long size, @Nullable Long maximum) {
		long fresh = this.freshHits.sum();
		long stale = this.staleHits.sum();
		return new BuilderHealth.CacheState(size, maximum, fresh + stale, this.misses.sum(), fresh, stale,
				this.writes.sum(), this.invalidations.sum(), this.evictions.sum(), this.expirations.sum());
	}

}
