package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.snapshot.CircuitOptions.Scope;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotRetryTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static SourceOptions retrying(int attempts) {
		return SourceOptions.defaults().nonBlocking().retry(RetryOptions.of(attempts, Duration.ZERO));
	}

	private static SourceOptions fragile(Scope scope, int threshold) {
		return Scene.AT_ONCE.circuit(CircuitOptions.of(scope, threshold, Duration.ofSeconds(10)));
	}

	/** Fails so many times, and counts its calls. */
	private static SingleSource<Integer> failing(AtomicInteger calls, int times, SourceOptions options) {
		return Sources.named("rest", NUMBER).options(options).fetching((key, context) -> {
			if (calls.incrementAndGet() <= times) {
				throw new SourceUnavailableException("away", null);
			}
			return 1;
		});
	}

	private static Snapshot built(Scene scene, ResourceKey<?> key) throws Exception {
		CompletableFuture<Snapshot> building = scene.begin(key);
		scene.time.ring();
		return Scene.await(building);
	}

	/** H1. */
	@Test
	void sourceIsAskedTwiceUnlessItSaysOtherwise() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (Scene scene = new Scene(failing(calls, 9, SourceOptions.defaults().nonBlocking()))) {
			CompletableFuture<Snapshot> building = scene.begin(A);
			assertThat(calls).hasValue(1);
			scene.time.advance(Duration.ofMillis(56));

			Snapshot snapshot = Scene.await(building);

			assertThat(calls).hasValue(2);
			assertThat(Scene.failures(snapshot, A))
				.containsExactly(new SourceFailure("rest", "SourceUnavailableException", "away", 2));
			Map<String, Object> document = Map.copyOf(ErrorDiagnostics.toMap(Scene.failures(snapshot, A).get(0)));
			assertThat(document).containsEntry("attempts", 2).containsEntry("schema", ErrorDiagnostics.SCHEMA);
			scene.assertIdle();
		}
	}

	/** H4. */
	@Test
	void sourceThatRecoversIsNotAFailure() throws Exception {
		try (Scene scene = new Scene(failing(new AtomicInteger(), 2, retrying(3)))) {
			Snapshot snapshot = built(scene, A);

			assertThat(snapshot.get(A)).isOne();
			assertThat(snapshot.values().get(A).attempts()).isEqualTo(3);
			assertThat(snapshot.diagnostics().count(Count.RETRIES)).isEqualTo(2);
			assertThat(snapshot.diagnostics().count(Count.SOURCE_CALLS)).isEqualTo(3);
			assertThat(scene.circuit("rest[source]").failures()).isZero();
			scene.assertIdle();
		}
	}

	/** H5. */
	@Test
	void faultIsNotRepeated() throws Exception {
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(retrying(3)).fetching((key, context) -> {
			throw new IllegalArgumentException("no such thing");
		});
		try (Scene scene = new Scene(source)) {
			assertThat(Scene.failures(built(scene, A), A))
				.containsExactly(new SourceFailure("rest", "IllegalArgumentException", "no such thing", 1));
		}
	}

	/** H5: nor is an error, which is told to whoever waits. */
	@Test
	void errorOfASourceIsItsFailure() throws Exception {
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(Scene.ONCE).fetching((key, context) -> {
			throw new StackOverflowError("too deep");
		});
		try (Scene scene = new Scene(source)) {
			assertThat(Scene.failures(built(scene, A), A))
				.containsExactly(new SourceFailure("rest", "StackOverflowError", "too deep", 1));
			scene.assertIdle();
		}
	}

	/** H1: no attempt is made that the deadline would overtake. */
	@Test
	void waitForAnotherAttemptEndsBeforeTheDeadline() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		SourceOptions options = SourceOptions.defaults()
			.nonBlocking()
			.retry(RetryOptions.of(3, Duration.ofMillis(100)));
		try (Scene scene = new Scene(failing(calls, 9, options))) {
			CompletableFuture<Snapshot> building = scene.begin(Duration.ofMillis(250), A);
			assertThat(building).isNotDone();
			scene.time.advance(Duration.ofMillis(100));

			assertThat(building).isDone();
			assertThat(Scene.failures(Scene.await(building), A).get(0).attempts()).isEqualTo(2);
			assertThat(calls).hasValue(2);
			scene.assertIdle();
		}
	}

	/** E4: nor one that nobody waits for. */
	@Test
	void callThatNobodyWaitsForIsNotRepeated() {
		AtomicInteger calls = new AtomicInteger();
		SourceOptions options = SourceOptions.defaults()
			.nonBlocking()
			.retry(RetryOptions.of(3, Duration.ofMillis(100)));
		try (Scene scene = new Scene(failing(calls, 9, options))) {
			scene.begin(A).cancel(false);
			scene.time.advance(Duration.ofMillis(100));

			assertThat(calls).hasValue(1);
			scene.assertIdle();
		}
	}

	/** H17. */
	@Test
	void staleAnswersFailTheirSubject() {
		ConcurrentLinkedQueue<ResourceKey<Integer>> streamed = new ConcurrentLinkedQueue<>();
		SingleSource<Integer> stream = Sources.named("stream", NUMBER)
			.priority(1)
			.options(fragile(Scope.SUBJECT, 1))
			.fetchingPayload((key, context) -> {
				streamed.add(key);
				boolean stale = key.subject().equals("BTC");
				return SourcePayload.observed(1, context.requestedAt().minusSeconds(stale ? 100 : 0));
			});
		Scene.Counting fallback = Scene.counting("fallback");
		ResourceKey<Integer> bitcoin = key("BTC");
		ResourceKey<Integer> hourly = bitcoin.withQualifiers(Map.of("interval", "1h"));
		try (Scene scene = new Scene(stream, fallback)) {
			assertThat(scene.value(bitcoin).source()).isEqualTo("fallback");

			assertThat(scene.value(hourly).source()).isEqualTo("fallback");
			assertThat(scene.value(key("ETH")).source()).isEqualTo("stream");
			assertThat(streamed).containsExactly(bitcoin, key("ETH"));
			assertThat(scene.circuit("stream[subject]:BTC").state()).isEqualTo(BuilderHealth.Circuit.State.OPEN);
		}
	}

	/** H19. */
	@Test
	void allAttemptsOfABuildAreOneFailure() throws Exception {
		SourceOptions options = fragile(Scope.SOURCE, 2).retry(RetryOptions.of(3, Duration.ZERO));
		try (Scene scene = new Scene(failing(new AtomicInteger(), 9, options))) {
			assertThat(Scene.failures(built(scene, A), A).get(0).attempts()).isEqualTo(3);

			assertThat(scene.circuit("rest[source]").failures()).isOne();
			assertThat(scene.circuit("rest[source]").state()).isEqualTo(BuilderHealth.Circuit.State.CLOSED);
		}
	}

	/** H22. */
	@Test
	void sourceWhoseCircuitIsOpenIsNotAsked() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (Scene scene = new Scene(failing(calls, 1, fragile(Scope.SOURCE, 1)))) {
			built(scene, A);

			Snapshot refused = scene.lenient(B);

			assertThat(Scene.failures(refused, B)).extracting(SourceFailure::errorType)
				.containsExactly("CircuitOpenException");
			assertThat(Scene.failures(refused, B).get(0).attempts()).isZero();
			assertThat(refused.diagnostics().count(Count.SOURCE_CALLS)).isZero();
			assertThat(calls).hasValue(1);

			scene.time.advance(Duration.ofSeconds(10));
			assertThat(scene.lenient(B).get(B)).isOne();
			assertThat(scene.circuit("rest[source]").state()).isEqualTo(BuilderHealth.Circuit.State.CLOSED);
		}
	}

	/** H12: nobody finds out whether a source is back by waiting for a slot. */
	@Test
	void probeThatGetsNoSlotLetsTheNextOneTry() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		SourceOptions options = fragile(Scope.SOURCE, 1).maxConcurrency(1).queueTimeout(Duration.ofMillis(20));
		try (Scene scene = new Scene(failing(calls, 1, options))) {
			scene.lenient(A);
			scene.time.advance(Duration.ofSeconds(10));
			Capacity.Lease held = scene.engine().calls().capacity().acquire("rest").granted().join();
			CompletableFuture<Snapshot> probe = scene.begin(A);
			assertThat(scene.circuit("rest[source]").probing()).isTrue();
			scene.time.advance(Duration.ofMillis(20));
			assertThat(Scene.failures(Scene.await(probe), A).get(0).errorType())
				.isEqualTo("SourceQueueTimeoutException");
			assertThat(scene.circuit("rest[source]").state()).isEqualTo(BuilderHealth.Circuit.State.HALF_OPEN);
			held.release();

			assertThat(scene.builder.build(List.of(A), SnapshotOptions.defaults()).get(A)).isOne();
		}
	}

}
