package io.strates.snapshot;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts as they were when a snapshot was made.
 */
record DefaultDiagnostics(Duration duration, int requested, int resolved, int failed, Map<Count, Long> counts,
		Duration skew, Map<String, Long> callsBySource, Map<String, Duration> latencyBySource,
		List<String> warnings) implements SnapshotDiagnostics {

	/** Of a snapshot for which no source was called. */
	static SnapshotDiagnostics cached(long nanos, int number, long skew) {
		Map<Count, Long> counts = Map.of(Count.CACHE_HITS, (long) number, Count.CACHE_READS, 1L);
		return new DefaultDiagnostics(Duration.ofNanos(nanos), number, number, 0, counts, Duration.ofNanos(skew),
				Map.of(), Map.of(), List.of());
	}

	static SnapshotDiagnostics of(long nanos, int requested, int resolved, Counts counts, long skew) {
		Map<Count, Long> numbers = new HashMap<>();
		for (Count count : Count.values()) {
			numbers.put(count, counts.get(count));
		}
		Map<String, Duration> latencies = new HashMap<>();
		counts.latencies().forEach((source, sum) -> latencies.put(source, Duration.ofNanos(sum)));
		return new DefaultDiagnostics(Duration.ofNanos(nanos), requested, resolved, requested - resolved, numbers,
				Duration.ofNanos(skew), counts.calls(), Map.copyOf(latencies), counts.warnings());
	}

	@Override
	public long count(Count count) {
		return this.counts.getOrDefault(count, 0L);
	}

}
