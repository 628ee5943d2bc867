package io.strates.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.strates.snapshot.BuilderHealth.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class SnapshotDeadlineTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	private static final CircuitOptions FRAGILE = CircuitOptions.of(CircuitOptions.Scope.SOURCE, 1,
			Duration.ofSeconds(10));

	private static Duration millis(long millis) {
		return Duration.ofMillis(millis);
	}

	private static Capacity.Lease hold(Scene scene, String source) {
		return scene.engine().calls().capacity().acquire(source).granted().join();
	}

	private static SourceFailure first(Snapshot snapshot, ResourceKey<?> key) {
		return Scene.failures(snapshot, key).get(0);
	}

	private static ResourceKey<?>[] keys(int number) {
		return IntStream.range(0, number).mapToObj((index) -> key("key-" + index)).toArray(ResourceKey<?>[]::new);
	}

	/** G2. */
	@Test
	void deadlineOfASessionIsThatOfAllItsStages() {
		AtomicReference<ManualTime> time = new AtomicReference<>();
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(Scene.AT_ONCE).fetching((key, context) -> {
			time.get().advance(key.equals(A) ? millis(30) : millis(40));
			return 1;
		});
		try (Scene scene = new Scene(source)) {
			time.set(scene.time);
			try (SnapshotSession session = scene.builder
				.session(SnapshotOptions.defaults().lenient().within(millis(50)))) {
				assertThat(session.resolve(A).get(A)).isOne();

				Snapshot late = session.resolve(B);

				assertThat(late.get(A)).isOne();
				assertThat(first(late, B).errorType()).isEqualTo("SnapshotDeadlineException");
				assertThat(first(session.resolve(C), C).errorType()).isEqualTo("SnapshotDeadlineException");
			}
			scene.assertIdle();
		}
	}

	/** G4. */
	@Test
	void timeInTheQueueDoesNotCountForTheCall() throws Exception {
		GatedSource source = GatedSource.of("slow",
				Scene.ONCE.maxConcurrency(1).timeout(millis(40)).queueTimeout(millis(200)));
		try (Scene scene = new Scene(source)) {
			Capacity.Lease other = hold(scene, "slow");
			CompletableFuture<Snapshot> building = scene.begin(A);
			scene.time.advance(millis(60));
			assertThat(source.calls).isEmpty();
			other.release();
			source.awaitStarted(1).answer(1);

			assertThat(Scene.await(building).get(A)).isOne();
			assertThat(source.calls).hasSize(1);
			scene.assertIdle();
		}
	}

	/** G5. */
	@Test
	void callThatGetsNoSlotInTimeIsNotRepeated() throws Exception {
		GatedSource source = GatedSource.of("slow",
				SourceOptions.defaults()
					.retry(RetryOptions.of(3, Duration.ZERO))
					.circuit(FRAGILE)
					.maxConcurrency(1)
					.queueTimeout(millis(20)));
		try (Scene scene = new Scene(source)) {
			Capacity.Lease other = hold(scene, "slow");
			CompletableFuture<Snapshot> building = scene.begin(A);
			scene.time.advance(millis(20));

			SourceFailure failure = first(Scene.await(building), A);

			assertThat(failure.errorType()).isEqualTo("SourceQueueTimeoutException");
			assertThat(failure.attempts()).isOne();
			assertThat(source.calls).isEmpty();
			assertThat(scene.circuit("slow[source]").state()).isEqualTo(BuilderHealth.Circuit.State.CLOSED);
			assertThat(scene.builder.health().count(Counter.QUEUE_TIMEOUT_COUNT)).isOne();
			other.release();
			scene.assertIdle();
		}
	}

	/** G5: without a limit of its own, a call waits no longer than it may run. */
	@Test
	void timeoutIsTheLimitOfTheQueueToo() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.maxConcurrency(1).timeout(millis(20)));
		try (Scene scene = new Scene(source)) {
			Capacity.Lease other = hold(scene, "slow");
			CompletableFuture<Snapshot> building = scene.begin(A);
			scene.time.advance(millis(20));

			assertThat(first(Scene.await(building), A).errorType()).isEqualTo("SourceQueueTimeoutException");
			other.release();
		}
	}

	/** G7. */
	@Test
	void callThatTakesTooLongFailsTheSource() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.circuit(FRAGILE).timeout(millis(10)));
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> building = scene.begin(A);
			source.awaitStarted(1);
			scene.time.advance(millis(10));

			SourceFailure failure = first(Scene.await(building), A);

			assertThat(failure.errorType()).isEqualTo("SourceTimeoutException");
			assertThat(failure.message()).contains("timed out after PT0.01S");
			assertThat(scene.circuit("slow[source]").state()).isEqualTo(BuilderHealth.Circuit.State.OPEN);
			assertThat(scene.builder.health().count(Counter.SOURCE_TIMEOUT_COUNT)).isOne();
			scene.assertIdle();
		}
	}

	/** G8. */
	@Test
	void timeoutOfTheSourcesOwnIsKept() {
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(Scene.AT_ONCE).fetching((key, context) -> {
			throw new TimeoutException("the remote is slow");
		});
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.builder.build(List.of(A),
					SnapshotOptions.defaults().lenient().within(Duration.ofSeconds(1)));

			assertThat(Scene.failures(snapshot, A))
				.containsExactly(new SourceFailure("rest", "TimeoutException", "the remote is slow", 1));
		}
	}

	/** G10. */
	@Test
	void deadlineThatComesWithTheTimeoutIsTheReason() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.timeout(millis(10)));
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> building = scene.begin(millis(10), A);
			source.awaitStarted(1);
			scene.time.advance(millis(10));

			assertThat(first(Scene.await(building), A).errorType()).isEqualTo("SnapshotDeadlineException");
			assertThat(scene.builder.health().count(Counter.DEADLINE_EXCEEDED_COUNT)).isOne();
			scene.assertIdle();
		}
	}

	/** G12: the transport has to give up strictly before the deadline. */
	@Test
	void callIsNotBegunWhoseTransportGivesUpTooLate() throws Exception {
		GatedSource source = GatedSource.of("slow",
				Scene.ONCE.circuit(FRAGILE).transportTimeout(Duration.ofSeconds(1)).timeout(Duration.ofSeconds(2)));
		source.answer(1);
		try (Scene scene = new Scene(source)) {
			SourceFailure failure = first(Scene.await(scene.begin(millis(100), A)), A);

			assertThat(failure.errorType()).isEqualTo("SnapshotDeadlineException");
			assertThat(failure.message()).contains("transport timeout");
			assertThat(first(Scene.await(scene.begin(millis(1000), A)), A).message()).contains("transport timeout");
			assertThat(source.calls).isEmpty();
			assertThat(Scene.await(scene.begin(millis(1001), A)).get(A)).isOne();
			scene.assertIdle();
		}
	}

	/** G14: there is no way around it. */
	@Test
	void sourceThatIsLeftBehindBeforeItsTransportGivesUpIsRefused() {
		GatedSource source = GatedSource.of("slow",
				Scene.ONCE.transportTimeout(Duration.ofSeconds(2)).timeout(Duration.ofSeconds(2)));

		assertThatIllegalArgumentException().isThrownBy(() -> SnapshotBuilder.with(source).create())
			.withMessageContaining("'slow'")
			.withMessageContaining("not shorter");
	}

	/** G15. */
	@Test
	void transportThatGivesUpTooLateIsCounted() {
		AtomicReference<ManualTime> time = new AtomicReference<>();
		SingleSource<Integer> source = Sources.named("slow", NUMBER)
			.options(Scene.ONCE.transportTimeout(millis(5)).timeout(millis(200)))
			.fetching((key, context) -> {
				time.get().advance(millis(30));
				return 1;
			});
		try (Scene scene = new Scene(source)) {
			time.set(scene.time);
			BuilderHealth before = scene.builder.health();
			assertThat(scene.builder.build(A).get(A)).isOne();

			BuilderHealth health = scene.builder.health();

			assertThat(health.transportTimeoutViolations()).containsOnly(Map.entry("slow", 1L));
			HealthAssessment assessment = health.assess(before, HealthThresholds.defaults());
			assertThat(assessment.severity()).isEqualTo(HealthSeverity.DEGRADED);
			assertThat(assessment.reasons())
				.containsExactly(HealthReason.SOURCE_TRANSPORT_TIMEOUT_VIOLATIONS_INCREASED);
		}
	}

	/** G15: a call that timed out is a violation once, however it ends. */
	@Test
	void timeoutIsAViolationOfTheTransport() throws Exception {
		GatedSource source = GatedSource.stubborn("slow", Scene.ONCE.transportTimeout(millis(5)).timeout(millis(20)));
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> building = scene.begin(A);
			source.awaitStarted(1);
			scene.time.advance(millis(20));
			Scene.await(building);
			source.answer(1);
			scene.assertIdle();

			assertThat(scene.builder.health().count(Counter.SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT)).isOne();
		}
	}

	/** G16. */
	@Test
	void buildsShareTheLimitOfAllCalls() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.maxConcurrency(2), source)) {
			CompletableFuture<Snapshot> first = scene.begin(keys(4));
			CompletableFuture<Snapshot> second = scene.begin(key("a"), key("b"), key("c"), key("d"));
			source.awaitStarted(2).answer(8);

			assertThat(Scene.await(first).isComplete()).isTrue();
			assertThat(Scene.await(second).isComplete()).isTrue();
			assertThat(source.peak()).isEqualTo(2);
			scene.assertIdle();
		}
	}

	/** G18. */
	@Test
	void buildThatIsCancelledGivesBackWhatItHas() {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.maxConcurrency(1));
		Scene.Counting other = Scene.counting("other");
		try (Scene scene = new Scene((setup) -> setup.maxConcurrency(1), source, other)) {
			Capacity.Lease held = hold(scene, "other");
			CompletableFuture<Snapshot> building = scene.begin(Duration.ofSeconds(1), A);
			assertThat(scene.usage("slow")).isEqualTo(new Capacity.Usage(1, 1, 0));
			assertThat(scene.usage(Capacity.GLOBAL)).isEqualTo(new Capacity.Usage(1, 1, 1));
			building.cancel(false);

			assertThat(scene.usage("slow")).isEqualTo(new Capacity.Usage(1, 0, 0));
			assertThat(scene.usage(Capacity.GLOBAL)).isEqualTo(new Capacity.Usage(1, 1, 0));
			held.release();
			scene.assertIdle();
			assertThat(source.calls).isEmpty();
		}
	}

	/** G19. */
	@Test
	void callsBeyondTheLimitDoNotQueueForIt() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.maxConcurrency(4), source)) {
			ResourceKey<?>[] keys = keys(100);
			CompletableFuture<Snapshot> building = scene.begin(keys);
			source.awaitStarted(4);

			assertThat(scene.usage(Capacity.GLOBAL)).isEqualTo(new Capacity.Usage(4, 4, 0));
			assertThat(source.calls).hasSize(4);
			source.answer(100);
			assertThat(new ArrayList<>(Scene.await(building).values().keySet())).isEqualTo(List.of(keys));
			assertThat(source.peak()).isEqualTo(4);
			scene.assertIdle();
		}
	}

	/**
	 * Z6: whoever joins a call that waits for a slot does not wait with the leader's
	 * deadline.
	 */
	@Test
	void deadlineOfTheLeaderIsNotTheFollowers() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.maxConcurrency(1));
		try (Scene scene = new Scene(source)) {
			Capacity.Lease other = hold(scene, "slow");
			CompletableFuture<Snapshot> leader = scene.begin(millis(50), A);
			CompletableFuture<Snapshot> follower = scene.begin(A);
			scene.time.advance(millis(50));

			assertThat(first(Scene.await(leader), A).errorType()).isEqualTo("SnapshotDeadlineException");
			assertThat(follower).isNotDone();
			other.release();
			source.awaitStarted(1).answer(1);
			assertThat(follower.get(30, TimeUnit.SECONDS).get(A)).isOne();
			assertThat(source.calls).hasSize(1);
			scene.assertIdle();
		}
	}

	@Test
	void deadlineThatIsFarAwayIsNone() {
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			Snapshot snapshot = scene.builder.build(List.of(A),
					SnapshotOptions.defaults().within(Duration.ofSeconds(Long.MAX_VALUE)));

			assertThat(snapshot.get(A)).isOne();
		}
	}

	@Test
	void buildEndsWhenItsBuilderIsClosed() throws Exception {
		GatedSource source = GatedSource.stubborn("slow", Scene.ONCE);
		Scene scene = new Scene(source);
		CompletableFuture<Snapshot> building = scene.begin(A);
		source.awaitStarted(1);
		scene.close();

		SourceFailure failure = first(Scene.await(building), A);

		assertThat(failure.errorType()).isEqualTo("SourceUnavailableException");
		assertThat(failure.message()).contains("closed");
		assertThat(scene.builder.health().isShutdownIncomplete()).isTrue();
		source.answer(1);
		scene.assertIdle();
		assertThat(scene.builder.health().isShutdownIncomplete()).isFalse();
	}

}
