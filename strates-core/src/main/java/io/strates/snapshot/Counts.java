package io.strates.snapshot;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

import io.strates.snapshot.SnapshotDiagnostics.Count;

/**
 * What is counted while a snapshot comes about.
 */
@SuppressWarnings("EnumOrdinal") // an index for as long as a snapshot is built
final class Counts {

	private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();

	private final Map<String, Long> calls = new ConcurrentHashMap<>();

	private final Map<String, Long> latencies = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();

	/** Returns counts that go on where others have ended. */
	static Counts after(SnapshotDiagnostics before) {
		Counts counts = new Counts();
		for (Count count : Count.values()) {
			counts.add(count, before.count(count));
		}
		counts.calls.putAll(before.callsBySource());
		before.latencyBySource().forEach((source, sum) -> counts.took(source, sum.toNanos()));
		before.warnings().forEach(counts::warn);
		return counts;
	}

	void add(Count count, long number) {
		if (number != 0) {
			this.counts.computeIfAbsent(count, (first) -> new LongAdder()).add(number);
		}
	}

	long get(Count count) {
		LongAdder counted = this.counts.get(count);
		return (counted != null) ? counted.sum() : 0;
	}

	void called(String source) {
		add(Count.SOURCE_CALLS, 1);
		this.calls.merge(source, 1L, Long::sum);
	}

	void took(String source, long nanos) {
		this.latencies.merge(source, nanos, Long::sum);
	}

	void warn(String warning) {
		this.warnings.add(warning);
	}

	Map<String, Long> calls() {
		return Map.copyOf(this.calls);
	}

	Map<String, Long> latencies() {
		return Map.copyOf(this.latencies);
	}

	List<String> warnings() {
		return List.copyOf(this.warnings);
	}

}
