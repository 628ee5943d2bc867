package io.strates.snapshot;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * What all calls of sources of one builder share.
 */
final class Calls {

	private final Capacity capacity;

	private final Circuits circuits;

	private final Executor executor;

	private final Alarms alarms;

	private final SnapshotTime time;

	private final RandomGenerator random;

	private final Assembler assembler;

	private final LongAdder timeouts = new LongAdder();

	private final LongAdder queueTimeouts = new LongAdder();

	private final LongAdder deadlines = new LongAdder();

	private final LongAdder cacheFailures = new LongAdder();

	/** By source: calls that took longer than its transport was to allow. */
	private final Map<String, Long> violations = new ConcurrentHashMap<>();

	Calls(Capacity capacity, Circuits circuits, Executor executor, Alarms alarms, SnapshotTime time,
			RandomGenerator random, Assembler assembler) {
		this.capacity = capacity;
		this.circuits = circuits;
		this.executor = executor;
		this.alarms = alarms;
		this.time = time;
		this.random = random;
		this.assembler = assembler;
	}

	/** Makes what a source answered into what is kept and delivered. */
	interface Assembler {

		/**
		 * Returns what becomes of the answers of one call, and keeps the fresh ones.
		 * @param source the source
		 * @param answers what it answered
		 * @param asker who asked
		 * @return a landing for each answer
		 */
		List<Landing> landings(SourceHandle source, List<Answer> answers, Asker asker);

	}

	/**
	 * What a source answered for one key.
	 *
	 * @param key the key
	 * @param payload the value
	 * @param latency how long the call took
	 * @param attempts how many it needed
	 * @param inputs what a derived value was computed from
	 */
	record Answer(ResourceKey<?> key, SourcePayload<?> payload, long latency, int attempts, @Nullable Snapshot inputs) {
	}

	Capacity capacity() {
		return this.capacity;
	}

	Circuits circuits() {
		return this.circuits;
	}

	Executor executor() {
		return this.executor;
	}

	Alarms alarms() {
		return this.alarms;
	}

	SnapshotTime time() {
		return this.time;
	}

	long monotonic() {
		return this.time.monotonic().getAsLong();
	}

	RandomGenerator random() {
		return this.random;
	}

	Assembler assembler() {
		return this.assembler;
	}

	LongAdder timeouts() {
		return this.timeouts;
	}

	LongAdder queueTimeouts() {
		return this.queueTimeouts;
	}

	LongAdder deadlines() {
		return this.deadlines;
	}

	LongAdder cacheFailures() {
		return this.cacheFailures;
	}

	void violated(String source) {
		this.violations.merge(source, 1L, Long::sum);
	}

	Map<String, Long> violations() {
		return Map.copyOf(this.violations);
	}

}
