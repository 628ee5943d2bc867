package io.strates.snapshot;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.strates.snapshot.BuilderHealth.CapacityState;
import io.strates.snapshot.BuilderHealth.Circuit;
import io.strates.snapshot.BuilderHealth.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong with a builder. What is so at the moment always counts; counts
 * that only grow do so compared with an earlier state alone, or one failure of long ago
 * would degrade a builder for ever.
 */
final class HealthRules {

	/** The counts that are compared, in this order. */
	private static final Map<Counter, HealthReason> INCREASES = new EnumMap<>(Map.of( //
			Counter.QUEUE_TIMEOUT_COUNT, HealthReason.QUEUE_TIMEOUTS_INCREASED, //
			Counter.SOURCE_TIMEOUT_COUNT, HealthReason.SOURCE_TIMEOUTS_INCREASED, //
			Counter.SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT,
			HealthReason.SOURCE_TRANSPORT_TIMEOUT_VIOLATIONS_INCREASED, //
			Counter.DEADLINE_EXCEEDED_COUNT, HealthReason.DEADLINES_EXCEEDED_INCREASED, //
			Counter.REVALIDATION_FAILURE_COUNT, HealthReason.REVALIDATION_FAILURES_INCREASED, //
			Counter.CACHE_FAILURE_COUNT, HealthReason.CACHE_FAILURES_INCREASED, //
			Counter.LISTENER_FAILURE_COUNT, HealthReason.LISTENER_FAILURES_INCREASED));

	private final BuilderHealth health;

	private final HealthThresholds thresholds;

	private final List<HealthFinding> findings = new ArrayList<>();

	private HealthRules(BuilderHealth health, HealthThresholds thresholds) {
		this.health = health;
		this.thresholds = thresholds;
	}

	static HealthAssessment assess(BuilderHealth health, @Nullable BuilderHealth previous,
			HealthThresholds thresholds) {
		HealthRules rules = new HealthRules(health, thresholds);
		rules.lookAtState();
		if (previous != null) {
			rules.compareWith(previous);
		}
		return new HealthAssessment(rules.findings, previous != null);
	}

	private void lookAtState() {
		if (this.health.isClosed()) {
			add(HealthReason.BUILDER_CLOSED, HealthSeverity.CRITICAL, "closed", 1, 0, "");
		}
		List<String> unsafe = this.health.unsafeSources();
		if (!unsafe.isEmpty()) {
			add(HealthReason.UNSAFE_BLOCKING_SOURCE, HealthSeverity.CRITICAL, "unsafe_blocking_source_count",
					unsafe.size(), 0, String.join(",", unsafe));
		}
		lookAtCapacity();
		lookAtBacklog();
		lookAtCircuits(Circuit.State.OPEN, HealthReason.CIRCUIT_OPEN, "open_circuits");
		lookAtCircuits(Circuit.State.HALF_OPEN, HealthReason.CIRCUIT_HALF_OPEN, "half_open_circuits");
		if (this.health.isShutdownIncomplete()) {
			add(HealthReason.SHUTDOWN_INCOMPLETE, HealthSeverity.CRITICAL, "shutdown_incomplete", 1, 0, "");
		}
	}

	private void lookAtCapacity() {
		int waiting = this.health.waitingForCapacity();
		if (waiting < this.thresholds.waitingDegraded()) {
			return;
		}
		double worst = 0;
		String component = "";
		for (Map.Entry<String, CapacityState> each : this.health.capacity().entrySet()) {
			double ratio = ratio(each.getValue().waiting(), each.getValue().limit());
			if (ratio > worst) {
				worst = ratio;
				component = each.getKey();
			}
		}
		double critical = this.thresholds.waitingCriticalRatio();
		if (worst >= critical) {
			add(HealthReason.SOURCE_CAPACITY_WAITING, HealthSeverity.CRITICAL, "maximum_waiting_to_limit_ratio", worst,
					critical, component);
		}
		else {
			add(HealthReason.SOURCE_CAPACITY_WAITING, HealthSeverity.DEGRADED, "waiting_for_capacity", waiting,
					this.thresholds.waitingDegraded(), component);
		}
	}

	private void lookAtBacklog() {
		addFrom(HealthReason.PUBLICATION_BACKLOG_HIGH, "publication_backlog_ratio",
				ratio(this.health.pendingPublications(), this.health.maxPendingPublications()),
				this.thresholds.backlogDegradedRatio(), this.thresholds.backlogCriticalRatio());
	}

	private void lookAtCircuits(Circuit.State state, HealthReason reason, String metric) {
		int count = (int) this.health.circuits()
			.values()
			.stream()
			.filter((circuit) -> circuit.state() == state)
			.count();
		if (count > 0) {
			add(reason, HealthSeverity.DEGRADED, metric, count, 0, "");
		}
	}

	private void compareWith(BuilderHealth previous) {
		INCREASES.forEach((counter, reason) -> addFrom(reason, "delta_" + counter.code(),
				(double) (this.health.count(counter) - previous.count(counter)), this.thresholds.increaseDegraded(),
				this.thresholds.increaseCritical()));
	}

	private void addFrom(HealthReason reason, String metric, double observed, double degraded, double critical) {
		if (observed >= critical) {
			add(reason, HealthSeverity.CRITICAL, metric, observed, critical, "");
		}
		else if (observed >= degraded) {
			add(reason, HealthSeverity.DEGRADED, metric, observed, degraded, "");
		}
	}

	private void add(HealthReason reason, HealthSeverity severity, String metric, double observed, double threshold,
			String component) {
		this.findings.add(new HealthFinding(reason, severity, metric, observed, threshold, component));
	}

	/** What has no limit is never full. */
	private static double ratio(int part, int limit) {
		return (limit > 0) ? (double) part / limit : 0;
	}

}
