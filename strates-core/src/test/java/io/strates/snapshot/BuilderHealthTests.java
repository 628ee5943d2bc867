package io.strates.snapshot;

import java.time.Duration;
import java.util.Map;

import io.strates.snapshot.BuilderHealth.CacheState;
import io.strates.snapshot.BuilderHealth.CapacityState;
import io.strates.snapshot.BuilderHealth.Circuit;
import io.strates.snapshot.BuilderHealth.Counter;
import io.strates.snapshot.BuilderHealth.SourceTimeouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is thought of the state of a builder, and how both are written. */
class BuilderHealthTests {

	private static final HealthThresholds DEFAULTS = HealthThresholds.defaults();

	@Test
	void countsWithoutAnEarlierStateDoNotMatter() {
		BuilderHealth.Builder health = BuilderHealth.builder().transportTimeoutViolations(Map.of("rest", 100L));
		for (Counter counter : Counter.values()) {
			health.count(counter, 100);
		}

		HealthAssessment assessment = health.build().assess();

		assertThat(assessment.severity()).isEqualTo(HealthSeverity.HEALTHY);
		assertThat(assessment.findings()).isEmpty();
		assertThat(assessment.isBaselineUsed()).isFalse();
	}

	@Test
	void waitingCallAndOpenCircuitDegrade() {
		HealthAssessment assessment = BuilderHealth.builder()
			.capacity(Map.of("rest", new CapacityState(4, 4, 1)))
			.circuits(Map.of("rest[source]", new Circuit(Circuit.State.OPEN, 3, Duration.ofSeconds(1), false)))
			.build()
			.assess();

		assertThat(assessment.severity()).isEqualTo(HealthSeverity.DEGRADED);
		assertThat(assessment.reasons()).containsExactly(HealthReason.SOURCE_CAPACITY_WAITING,
				HealthReason.CIRCUIT_OPEN);
		assertThat(assessment.findings()).containsExactly(
				new HealthFinding(HealthReason.SOURCE_CAPACITY_WAITING, HealthSeverity.DEGRADED, "waiting_for_capacity",
						1, 1, "rest"),
				new HealthFinding(HealthReason.CIRCUIT_OPEN, HealthSeverity.DEGRADED, "open_circuits", 1, 0, ""));
		assertThat(assessment).hasToString("HealthAssessment[DEGRADED, [SOURCE_CAPACITY_WAITING, CIRCUIT_OPEN]]");
	}

	@Test
	void asManyWaitingCallsAsMayRunAreCritical() {
		HealthAssessment assessment = BuilderHealth.builder()
			.capacity(Map.of("global", new CapacityState(8, 8, 2), "rest", new CapacityState(4, 4, 4), "stream",
					new CapacityState(0, 0, 1), "tape", new CapacityState(2, 2, 2)))
			.build()
			.assess();

		assertThat(assessment.severity()).isEqualTo(HealthSeverity.CRITICAL);
		assertThat(assessment.findings()).containsExactly(new HealthFinding(HealthReason.SOURCE_CAPACITY_WAITING,
				HealthSeverity.CRITICAL, "maximum_waiting_to_limit_ratio", 1, 1, "rest"));
	}

	@Test
	void circuitsThatAreTriedDegradeAndClosedOnesDoNot() {
		HealthAssessment assessment = BuilderHealth.builder()
			.circuits(Map.of("a[source]", new Circuit(Circuit.State.HALF_OPEN, 3, Duration.ofSeconds(9), true),
					"b[source]", new Circuit(Circuit.State.HALF_OPEN, 3, Duration.ofSeconds(9), false), "c[source]",
					new Circuit(Circuit.State.CLOSED, 2, null, false)))
			.build()
			.assess();

		assertThat(assessment.findings()).containsExactly(new HealthFinding(HealthReason.CIRCUIT_HALF_OPEN,
				HealthSeverity.DEGRADED, "half_open_circuits", 2, 0, ""));
	}

	@Test
	void allThatIsCriticalIsFound() {
		HealthAssessment assessment = BuilderHealth.builder()
			.closed(true)
			.capacity(Map.of("rest", new CapacityState(4, 4, 4)))
			.publications(9, 10)
			.shutdownIncomplete(true)
			.build()
			.assess();

		assertThat(assessment.severity()).isEqualTo(HealthSeverity.CRITICAL);
		assertThat(assessment.reasons()).containsExactly(HealthReason.BUILDER_CLOSED,
				HealthReason.SOURCE_CAPACITY_WAITING, HealthReason.PUBLICATION_BACKLOG_HIGH,
				HealthReason.SHUTDOWN_INCOMPLETE);
		assertThat(assessment.findings()).extracting(HealthFinding::severity).containsOnly(HealthSeverity.CRITICAL);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0, HEALTHY", "5, 0, HEALTHY", "4, 10, HEALTHY", "5, 10, DEGRADED", "8, 10, DEGRADED",
			"9, 10, CRITICAL" })
	void backlogDegradesFromHalfAndIsCriticalFromNineTenths(int pending, int limit, HealthSeverity severity) {
		BuilderHealth health = BuilderHealth.builder().publications(pending, limit).build();

		assertThat(health.assess().severity()).isEqualTo(severity);
	}

	@ParameterizedTest
	@CsvSource({ "-1, HEALTHY", "0, HEALTHY", "1, DEGRADED", "4, DEGRADED", "5, CRITICAL" })
	void increaseDegradesFromOneAndIsCriticalFromFive(int increase, HealthSeverity severity) {
		BuilderHealth before = BuilderHealth.builder().count(Counter.SOURCE_TIMEOUT_COUNT, 100).build();
		BuilderHealth now = BuilderHealth.builder().count(Counter.SOURCE_TIMEOUT_COUNT, 100 + increase).build();

		HealthAssessment assessment = now.assess(before, DEFAULTS);

		assertThat(assessment.severity()).isEqualTo(severity);
		assertThat(assessment.isBaselineUsed()).isTrue();
		assertThat(assessment.findings()).allSatisfy((finding) -> {
			assertThat(finding.reason()).isEqualTo(HealthReason.SOURCE_TIMEOUTS_INCREASED);
			assertThat(finding.metric()).isEqualTo("delta_source_timeout_count");
			assertThat(finding.observed()).isEqualTo(increase);
		});
	}

	@Test
	void increasesAreFoundInTheOrderOfTheReasons() {
		BuilderHealth.Builder now = BuilderHealth.builder().transportTimeoutViolations(Map.of("rest", 1L));
		for (Counter counter : Counter.values()) {
			now.count(counter, 1);
		}

		HealthAssessment assessment = now.build().assess(BuilderHealth.builder().build(), DEFAULTS);

		assertThat(assessment.reasons()).containsExactly(HealthReason.QUEUE_TIMEOUTS_INCREASED,
				HealthReason.SOURCE_TIMEOUTS_INCREASED, HealthReason.SOURCE_TRANSPORT_TIMEOUT_VIOLATIONS_INCREASED,
				HealthReason.DEADLINES_EXCEEDED_INCREASED, HealthReason.REVALIDATION_FAILURES_INCREASED,
				HealthReason.CACHE_FAILURES_INCREASED, HealthReason.LISTENER_FAILURES_INCREASED);
		assertThat(assessment.reasons()).isSorted();
	}

	@ParameterizedTest
	@EnumSource(names = "REVALIDATION_ATTEMPT_COUNT", mode = EnumSource.Mode.EXCLUDE)
	void eachCountOfFailuresHasItsReason(Counter counter) {
		BuilderHealth now = (counter != Counter.SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT)
				? BuilderHealth.builder().count(counter, 7).build()
				: BuilderHealth.builder().transportTimeoutViolations(Map.of("rest", 4L, "stream", 3L)).build();

		HealthAssessment assessment = now.assess(BuilderHealth.builder().build(), DEFAULTS);

		assertThat(assessment.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.metric()).isEqualTo("delta_" + counter.code());
			assertThat(finding.observed()).isEqualTo(7);
			assertThat(finding.threshold()).isEqualTo(5);
		});
	}

	@Test
	void transportViolationDegradesComparedWithAStateWithoutAny() {
		BuilderHealth now = BuilderHealth.builder().transportTimeoutViolations(Map.of("rest", 1L)).build();

		assertThat(now.count(Counter.SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT)).isEqualTo(1);
		assertThat(now.assess(BuilderHealth.builder().build(), DEFAULTS).severity()).isEqualTo(HealthSeverity.DEGRADED);
	}

	@Test
	void sourceWhoseTransportGivesUpTooLateIsCritical() {
		SourceOptions late = SourceOptions.defaults().transportTimeout(Duration.ofSeconds(2));
		Duration timeout = Duration.ofSeconds(2);

		HealthAssessment assessment = BuilderHealth.builder()
			.sourceTimeouts(Map.of("z", SourceTimeouts.of(late, timeout), "b", SourceTimeouts.of(late, timeout), "c",
					SourceTimeouts.of(SourceOptions.defaults(), timeout)))
			.build()
			.assess();

		assertThat(assessment.findings()).containsExactly(new HealthFinding(HealthReason.UNSAFE_BLOCKING_SOURCE,
				HealthSeverity.CRITICAL, "unsafe_blocking_source_count", 2, 0, "b,z"));
	}

	@Test
	void timeoutsOfASourceAreClassified() {
		SourceOptions declared = SourceOptions.defaults().transportTimeout(Duration.ofSeconds(1));

		assertThat(SourceTimeouts.of(SourceOptions.defaults().nonBlocking(), null).status())
			.isEqualTo(SourceTimeouts.Status.NON_BLOCKING);
		assertThat(SourceTimeouts.of(SourceOptions.defaults(), Duration.ofSeconds(2)).status())
			.isEqualTo(SourceTimeouts.Status.UNDECLARED);
		assertThat(SourceTimeouts.of(declared, null).status()).isEqualTo(SourceTimeouts.Status.PROTECTED);
		assertThat(SourceTimeouts.of(declared, Duration.ofSeconds(2)).status())
			.isEqualTo(SourceTimeouts.Status.PROTECTED);
		assertThat(SourceTimeouts.of(declared, Duration.ofSeconds(1)).status()).isEqualTo(SourceTimeouts.Status.UNSAFE);
	}

	@Test
	void thresholdsCanBeChanged() {
		HealthThresholds patient = DEFAULTS.waiting(2, 3).backlog(0.8, 1).increase(3, 10);
		BuilderHealth.Builder health = BuilderHealth.builder()
			.capacity(Map.of("rest", new CapacityState(1, 1, 1)))
			.publications(7, 10)
			.count(Counter.QUEUE_TIMEOUT_COUNT, 2);
		BuilderHealth before = BuilderHealth.builder().build();

		assertThat(health.build().assess(before, patient).severity()).isEqualTo(HealthSeverity.HEALTHY);
		health.capacity(Map.of("rest", new CapacityState(1, 1, 2)))
			.publications(8, 10)
			.count(Counter.QUEUE_TIMEOUT_COUNT, 3);
		assertThat(health.build().assess(before, patient).findings()).extracting(HealthFinding::severity)
			.containsExactly(HealthSeverity.DEGRADED, HealthSeverity.DEGRADED, HealthSeverity.DEGRADED);
		health.capacity(Map.of("rest", new CapacityState(1, 1, 3)))
			.publications(10, 10)
			.count(Counter.QUEUE_TIMEOUT_COUNT, 10);
		assertThat(health.build().assess(before, patient).findings()).extracting(HealthFinding::severity)
			.containsExactly(HealthSeverity.CRITICAL, HealthSeverity.CRITICAL, HealthSeverity.CRITICAL);
	}

	@Test
	void thresholdsOutOfTheirRangeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.waiting(0, 1))
			.withMessage("The degraded threshold is 0; set one or more");
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.waiting(1, 0))
			.withMessage("The critical ratio of waiting calls is 0.0; set a positive number");
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.waiting(1, Double.NaN));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.waiting(1, Double.POSITIVE_INFINITY));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.backlog(0.9, 0.5))
			.withMessage("The ratios of the backlog are 0.9 and 0.5; set numbers above 0 and up to 1,"
					+ " the critical one not below the other");
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.backlog(0.5, 1.1));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.backlog(0, 0.5));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.backlog(0.5, Double.NaN));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.increase(0, 5));
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.increase(5, 4))
			.withMessage("The critical increase is 4 and less than the degraded one, 5; set at least that");
	}

	@Test
	void stateIsWrittenInItsShape() {
		BuilderHealth health = BuilderHealth.builder()
			.backgroundRefreshes(1)
			.flights(2)
			.runningCalls(3)
			.publications(4, 1024)
			.capacity(Map.of("stream", new CapacityState(4, 2, 0), "global", new CapacityState(8, 3, 0), "rest",
					new CapacityState(2, 1, 0)))
			.cache(new CacheState(10, 10_000L, 7, 3, 5, 2, 12, 1, 0, 1))
			.circuits(Map.of("rest[source]", new Circuit(Circuit.State.CLOSED, 1, null, false)))
			.sourceTimeouts(Map.of("stream", SourceTimeouts.of(SourceOptions.defaults(), Duration.ofSeconds(3)),
					"memory", SourceTimeouts.of(SourceOptions.defaults().nonBlocking(), null), "rest",
					SourceTimeouts.of(SourceOptions.defaults().transportTimeout(Duration.ofSeconds(1)),
							Duration.ofMillis(2500))))
			.transportTimeoutViolations(Map.of("stream", 1L, "rest", 2L))
			.count(Counter.QUEUE_TIMEOUT_COUNT, 1)
			.count(Counter.SOURCE_TIMEOUT_COUNT, 2)
			.count(Counter.DEADLINE_EXCEEDED_COUNT, 4)
			.count(Counter.REVALIDATION_ATTEMPT_COUNT, 5)
			.count(Counter.REVALIDATION_FAILURE_COUNT, 6)
			.count(Counter.CACHE_FAILURE_COUNT, 7)
			.count(Counter.LISTENER_FAILURE_COUNT, 8)
			.build();

		GoldenDocuments.assertWritten(health.toMap(health.assess()), "builder-health.json");
	}

	@Test
	void assessmentCanBeLeftOut() {
		GoldenDocuments.assertWritten(BuilderHealth.builder().build().toMap(null), "builder-health-empty.json");
	}

	@Test
	void assessmentIsWrittenInItsShape() {
		HealthAssessment assessment = BuilderHealth.builder()
			.capacity(Map.of("rest", new CapacityState(4, 4, 1)))
			.publications(3, 4)
			.circuits(Map.of("rest[source]", new Circuit(Circuit.State.OPEN, 3, Duration.ofSeconds(1), false)))
			.count(Counter.SOURCE_TIMEOUT_COUNT, 5)
			.build()
			.assess(BuilderHealth.builder().build(), DEFAULTS);

		GoldenDocuments.assertWritten(assessment.toMap(), "builder-health-assessment.json");
	}

	@Test
	void numbersThatAreNoneInJsonAreWrittenAsTexts() {
		assertThat(finding(Double.NaN, Double.POSITIVE_INFINITY).toMap()).containsEntry("observed", "nan")
			.containsEntry("threshold", "infinity");
		assertThat(finding(Double.NEGATIVE_INFINITY, 0.5).toMap()).containsEntry("observed", "-infinity")
			.containsEntry("threshold", 0.5);
	}

	@Test
	void stateThatWasTakenDoesNotChange() {
		BuilderHealth.Builder builder = BuilderHealth.builder().count(Counter.CACHE_FAILURE_COUNT, 1);
		BuilderHealth health = builder.build();

		builder.count(Counter.CACHE_FAILURE_COUNT, 2).closed(true);

		assertThat(health.count(Counter.CACHE_FAILURE_COUNT)).isEqualTo(1);
		assertThat(health.isClosed()).isFalse();
	}

	private static HealthFinding finding(double observed, double threshold) {
		return new HealthFinding(HealthReason.CIRCUIT_OPEN, HealthSeverity.DEGRADED, "metric", observed, threshold, "");
	}

}
