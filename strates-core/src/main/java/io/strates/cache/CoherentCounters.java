package io.strates.cache;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import com.github.benmanes.caffeine.cache.RemovalCause;

/** Counts what one coherent cache does. */
final class CoherentCounters extends LoadCounters {

	final LongAdder localHits = new LongAdder();

	final LongAdder localMisses = new LongAdder();

	final LongAdder writes = new LongAdder();

	final LongAdder fillsRefused = new LongAdder();

	final LongAdder invalidationsReceived = new LongAdder();

	final LongAdder staleAnswers = new LongAdder();

	private final LongAdder evictions = new LongAdder();

	private final AtomicBoolean garbage = new AtomicBoolean();

	private final AtomicBoolean unencodable = new AtomicBoolean();

	void evicted(RemovalCause cause) {
		if (cause == RemovalCause.SIZE) {
			this.evictions.increment();
		}
	}

	/** Whether nobody has complained of bytes in L2 yet. */
	boolean firstGarbage() {
		return this.garbage.compareAndSet(false, true);
	}

	/** Whether nobody has complained of a value that has no bytes yet. */
	boolean firstUnencodable() {
		return this.unencodable.compareAndSet(false, true);
	}

	CacheStatistics snapshot(String name, long size) {
		return snapshot(name, size, this.localHits.sum(), this.localMisses.sum(), this.evictions.sum());
	}

	CoherenceStatistics coherence(int debts) {
		return new Coherence(this.writes.sum(), this.fillsRefused.sum(), this.invalidationsReceived.sum(),
				this.staleAnswers.sum(), debts);
	}

	private record Coherence(long writes, long fillsRefused, long invalidationsReceived, long staleAnswers,
			int debts) implements CoherenceStatistics {
	}

}
