package io.strates.cache;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one coherent cache. */
final class CoherentCounters extends LoadCounters {

	final LongAdder writes = new LongAdder();

	final LongAdder fillsRefused = new LongAdder();

	final LongAdder invalidationsReceived = new LongAdder();

	final LongAdder staleAnswers = new LongAdder();

	private final AtomicBoolean garbage = new AtomicBoolean();

	private final AtomicBoolean unencodable = new AtomicBoolean();

	/** Whether nobody has complained of bytes in L2 yet. */
	boolean firstGarbage() {
		return this.garbage.compareAndSet(false, true);
	}

	/** Whether nobody has complained of a value that has no bytes yet. */
	boolean firstUnencodable() {
		return this.unencodable.compareAndSet(false, true);
	}

	CoherenceStatistics coherence(int debts) {
		return new Coherence(this.writes.sum(), this.fillsRefused.sum(), this.invalidationsReceived.sum(),
				this.staleAnswers.sum(), debts);
	}

	private record Coherence(long writes, long fillsRefused, long invalidationsReceived, long staleAnswers,
			int debts) implements CoherenceStatistics {
	}

}
