package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.snapshot.BuilderHealth.Counter;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class SnapshotSessionTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> RAW = key("RAW");

	private static final ResourceType<Integer> DOUBLED = ResourceType.of("test", "doubled", Integer.class);

	private static final SnapshotOptions LENIENT = SnapshotOptions.defaults().lenient();

	private static Scene.Counting without(ResourceKey<Integer> missing) {
		return new Scene.Counting("rest") {
			@Override
			public SourcePayload<Integer> fetch(ResourceKey<Integer> key, FetchContext context) {
				if (key.equals(missing)) {
					throw new SourceUnavailableException("no " + key, null);
				}
				return super.fetch(key, context);
			}
		};
	}

	/** K2. */
	@Test
	void errorIsGoneOnceARetrySucceeds() {
		Scene.Counting source = Scene.counting("rest");
		source.down = true;
		try (Scene scene = new Scene(source); SnapshotSession session = scene.builder.session(LENIENT)) {
			assertThat(session.resolve(A).errors()).containsOnlyKeys(A);
			source.down = false;

			Snapshot retried = session.retry(List.of(A));

			assertThat(retried.get(A)).isOne();
			assertThat(retried.errors()).isEmpty();
			assertThat(source.calls).hasSize(2);
		}
	}

	/** K3: and the exception has all that the session has. */
	@Test
	void errorStaysAndIsThrownWithoutAnotherCall() {
		Scene.Counting source = without(A);
		AtomicInteger calls = new AtomicInteger();
		SingleSource<Integer> counted = Sources.named("counted", NUMBER)
			.options(Scene.AT_ONCE)
			.fetchingPayload((key, context) -> {
				calls.incrementAndGet();
				return source.fetch(key, context);
			});
		try (Scene scene = new Scene(counted);
				SnapshotSession session = scene.builder.session(SnapshotOptions.defaults())) {
			session.resolve(B);
			for (int time = 0; time < 2; time++) {
				assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(() -> session.resolve(A))
					.satisfies((ex) -> assertThat(ex.errors()).containsOnlyKeys(A))
					.satisfies((ex) -> assertThat(ex.snapshot().get(B)).isOne())
					.satisfies((ex) -> assertThat(ex.snapshot().errors()).containsOnlyKeys(A));
			}
			assertThat(calls).hasValue(2);
			// Only what is asked for counts.
			assertThat(session.resolve(B).errors()).containsOnlyKeys(A);
		}
	}

	/** K5. */
	@Test
	void revalidationReadsWhatWasPublished() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source); SnapshotSession session = scene.builder.session(LENIENT)) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 101, "live"));
			Snapshot before = session.resolve(A, B);
			scene.time.advance(Duration.ofSeconds(1));
			scene.builder.publisher().publish(ResourceUpdate.of(A, 102, "live"));

			assertThat(session.resolve(A).get(A)).isEqualTo(101);
			Snapshot after = session.revalidate(List.of(A));

			assertThat(after.get(A)).isEqualTo(102);
			assertThat(after.values().get(B).revisionId()).isEqualTo(before.values().get(B).revisionId());
			assertThat(source.calls).containsExactly(B);
			assertThat(after.id()).isEqualTo(before.id());
			assertThat(after.createdAt()).isEqualTo(before.createdAt());
		}
	}

	/** K9, K10: strict and lenient. */
	@Test
	void valuesStayWhenTheyCannotBeReplaced() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source);
				SnapshotSession strict = scene.builder.session(SnapshotOptions.defaults());
				SnapshotSession lenient = scene.builder.session(LENIENT)) {
			strict.resolve(A);
			lenient.resolve(A);
			source.down = true;

			assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(() -> strict.refetch(List.of(A)))
				.satisfies((ex) -> assertThat(ex.errors()).containsOnlyKeys(A))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isOne());
			Snapshot retained = lenient.refetch(List.of(A));

			assertThat(retained.get(A)).isOne();
			assertThat(retained.errors()).containsOnlyKeys(A);
			assertThat(lenient.snapshot().errors()).isEmpty();
			assertThat(lenient.resolve(A).isComplete()).isTrue();
		}
	}

	/** K11: nor what has failed. */
	@Test
	void onlyWhatIsResolvedCanBeReplaced() {
		try (Scene scene = new Scene(without(B)); SnapshotSession session = scene.builder.session(LENIENT)) {
			session.resolve(A, B);

			assertThatIllegalArgumentException().isThrownBy(() -> session.revalidate(List.of(B)))
				.withMessageContaining("already resolved");
			assertThat(scene.builder.health().count(Counter.REVALIDATION_ATTEMPT_COUNT)).isZero();
			assertThatIllegalArgumentException().isThrownBy(() -> session.revalidate(List.of()));
			assertThatIllegalArgumentException().isThrownBy(() -> session.resolve(List.of()));
		}
	}

	private static DerivedSource<Integer> doubling(AtomicInteger derivations) {
		return Sources.named("doubling", DOUBLED)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(RAW), (key, inputs) -> {
				derivations.incrementAndGet();
				return inputs.get(RAW) * 2;
			});
	}

	/** K13. */
	@Test
	void whatIsDerivedIsReplacedToo() {
		AtomicInteger derivations = new AtomicInteger();
		AtomicInteger calls = new AtomicInteger();
		SingleSource<Integer> raw = Sources.named("raw", NUMBER).options(Scene.AT_ONCE).fetching((key, context) -> {
			calls.incrementAndGet();
			return 2;
		});
		try (Scene scene = new Scene(raw, doubling(derivations));
				SnapshotSession session = scene.builder.session(LENIENT)) {
			assertThat(session.resolve(RAW, DOUBLED.key()).get(DOUBLED.key())).isEqualTo(4);
			scene.time.advance(Duration.ofSeconds(1));
			scene.builder.publisher().publish(ResourceUpdate.of(RAW, 5, "live"));

			Snapshot after = session.revalidate(List.of(RAW));

			assertThat(after.get(RAW)).isEqualTo(5);
			assertThat(after.get(DOUBLED.key())).isEqualTo(10);
			assertThat(calls).hasValue(1);
			assertThat(derivations).hasValue(2);
			assertThat(after.values().get(DOUBLED.key()).inputs())
				.containsExactly(Map.entry(RAW, after.values().get(RAW).revisionId()));
		}
	}

	/** K14. */
	@Test
	void closingWaitsForARevalidation() throws Exception {
		GatedSource source = GatedSource.of("gate", Scene.ONCE);
		source.answer(1);
		try (Scene scene = new Scene(source)) {
			SnapshotSession session = scene.builder.session(LENIENT);
			session.resolve(A);
			source.awaitStarted(1);
			CompletableFuture<Snapshot> revalidated = CompletableFuture.supplyAsync(() -> session.refetch(List.of(A)));
			source.awaitStarted(1);
			Thread closing = new Thread(session::close);
			closing.start();
			Awaitility.await().until(() -> closing.getState() == Thread.State.WAITING);
			assertThat(revalidated).isNotDone();
			source.answer(1);

			assertThat(Scene.await(revalidated).get(A)).isEqualTo(2);
			closing.join(TimeUnit.SECONDS.toMillis(30));
			assertThat(closing.isAlive()).isFalse();
			assertThat(session.snapshot().get(A)).isEqualTo(2);
			assertThatExceptionOfType(SessionClosedException.class).isThrownBy(() -> session.resolve(A));
			assertThatExceptionOfType(SessionClosedException.class).isThrownBy(() -> session.revalidate(List.of(A)));
		}
	}

	/** K16. */
	@Test
	void staleAnswerReplacesNothingWhenForced() {
		AtomicInteger calls = new AtomicInteger();
		SingleSource<Integer> aging = Sources.named("aging", NUMBER)
			.options(Scene.AT_ONCE)
			.fetchingPayload((key, context) -> {
				int call = calls.incrementAndGet();
				return SourcePayload.observed(call, context.requestedAt().minusSeconds((call == 1) ? 0 : 5));
			});
		try (Scene scene = new Scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(60))), aging);
				SnapshotSession session = scene.builder.session(LENIENT)) {
			session.resolve(A);

			Snapshot retained = session.refetch(List.of(A));

			assertThat(calls).hasValue(2);
			assertThat(retained.get(A)).isOne();
			assertThat(Scene.failures(retained, A).get(0).errorType()).isEqualTo(SourceFailure.STALE);
			assertThat(session.snapshot().isComplete()).isTrue();
		}
	}

	/** K18. */
	@Test
	void valueStaysPastItsTime() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source); SnapshotSession session = scene.builder.session(LENIENT)) {
			String revision = session.resolve(A).values().get(A).revisionId();
			scene.time.advance(Duration.ofHours(1));

			assertThat(session.resolve(A).values().get(A).revisionId()).isEqualTo(revision);
			assertThat(source.calls).hasSize(1);
		}
	}

	/** N4, F16. */
	@Test
	void requestedIsWhatWasAskedForInAnyStage() {
		try (Scene scene = new Scene(Scene.counting("rest"), doubling(new AtomicInteger()));
				SnapshotSession session = scene.builder.session(LENIENT)) {
			assertThat(session.snapshot().diagnostics().requested()).isZero();
			assertThat(session.resolve(A).diagnostics().requested()).isOne();
			assertThat(session.resolve(A, B).diagnostics().requested()).isEqualTo(2);
			SnapshotDiagnostics diagnostics = session.resolve(DOUBLED.key()).diagnostics();

			assertThat(diagnostics.requested()).isEqualTo(3);
			assertThat(diagnostics.resolved()).isEqualTo(3);
			assertThat(diagnostics.failed()).isZero();
			// RAW too.
			assertThat(diagnostics.count(Count.SOURCE_CALLS)).isEqualTo(4);
		}
	}

	/** Q12. */
	@Test
	void stagesAndForcedRevalidationAreOneSnapshot() {
		try (Scene scene = new Scene(Scene.counting("rest"));
				SnapshotSession session = scene.builder.session(LENIENT.id("cycle-1"))) {
			Snapshot first = session.resolve(A);
			scene.time.advance(Duration.ofSeconds(1));
			session.resolve(B);
			Snapshot last = session.refetch(List.of(A));

			assertThat(last.id()).isEqualTo("cycle-1").isEqualTo(first.id()).isEqualTo(session.id());
			assertThat(last.createdAt()).isEqualTo(Instant.ofEpochSecond(100))
				.isEqualTo(first.createdAt())
				.isEqualTo(session.createdAt());
			assertThat(last.get(A)).isEqualTo(2);
			assertThat(last.get(B)).isOne();
		}
	}

	/** G1: the deadline is that of all stages. */
	@Test
	void deadlineBeginsWithTheSession() throws Exception {
		GatedSource source = GatedSource.of("gate", Scene.ONCE);
		source.answer(1);
		try (Scene scene = new Scene(source);
				SnapshotSession session = scene.builder.session(LENIENT.within(Duration.ofSeconds(10)))) {
			assertThat(session.resolve(A).get(A)).isOne();
			source.awaitStarted(1);
			scene.time.advance(Duration.ofSeconds(6));
			CompletableFuture<Snapshot> second = CompletableFuture.supplyAsync(() -> session.resolve(B));
			source.awaitStarted(1);
			scene.time.advance(Duration.ofSeconds(4));

			Snapshot late = Scene.await(second);

			assertThat(late.get(A)).isOne();
			assertThat(Scene.failures(late, B).get(0).errorType()).isEqualTo("SnapshotDeadlineException");
		}
	}

	/** Z19. */
	@Test
	void revalidationAfterTheDeadlineKeepsTheValues() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(1))), source);
				SnapshotSession session = scene.builder.session(LENIENT.within(Duration.ofSeconds(5)))) {
			session.resolve(A);
			scene.time.advance(Duration.ofSeconds(6));

			Snapshot retained = session.revalidate(List.of(A));

			assertThat(retained.get(A)).isOne();
			assertThat(Scene.failures(retained, A).get(0).errorType()).isEqualTo("SnapshotDeadlineException");
			assertThat(session.snapshot().errors()).isEmpty();
			assertThat(source.calls).hasSize(1);
		}
	}

	/** Z23. */
	@Test
	void stagesRunAtTheSameTime() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		AtomicInteger raws = new AtomicInteger();
		SingleSource<Integer> meeting = Sources.named("meeting", NUMBER)
			.options(Scene.ONCE)
			.fetching((key, context) -> {
				if (key.equals(RAW)) {
					return raws.incrementAndGet();
				}
				both.await();
				return 1;
			});
		try (Scene scene = new Scene((setup) -> setup.freshness(Freshness.of(Duration.ZERO, Duration.ZERO)), meeting,
				doubling(new AtomicInteger())); SnapshotSession session = scene.builder.session(LENIENT)) {
			CompletableFuture<Snapshot> first = CompletableFuture.supplyAsync(() -> session.resolve(A, DOUBLED.key()),
					(task) -> new Thread(task).start());
			CompletableFuture<Snapshot> second = CompletableFuture.supplyAsync(() -> session.resolve(B, RAW),
					(task) -> new Thread(task).start());
			Scene.await(first);
			Scene.await(second);

			Snapshot all = session.snapshot();

			assertThat(all.values()).containsOnlyKeys(A, DOUBLED.key(), B, RAW);
			assertThat(raws).hasValue(1);
			assertThat(all.values().get(DOUBLED.key()).inputs())
				.containsExactly(Map.entry(RAW, all.values().get(RAW).revisionId()));
		}
	}

	/** Q10, Q11. */
	@Test
	void sessionEndsWithItsBuilder() {
		Scene.Counting source = Scene.counting("rest");
		Scene scene = new Scene(source);
		SnapshotSession session = scene.builder.session(LENIENT);
		session.resolve(A);
		scene.close();

		assertThatIllegalStateException().isThrownBy(() -> session.resolve(A, B)).withMessageContaining("closed");
		assertThatIllegalStateException().isThrownBy(() -> session.refetch(List.of(A)));
		assertThatIllegalStateException().isThrownBy(() -> scene.builder.session(LENIENT));
		assertThat(session.snapshot().get(A)).isOne();
		assertThat(source.calls).containsExactly(A);
		session.close();
		session.close();
	}

	@Test
	void interruptedRevalidationReplacesNothing() throws Exception {
		GatedSource source = GatedSource.of("gate", Scene.ONCE);
		source.answer(1);
		try (Scene scene = new Scene(source); SnapshotSession session = scene.builder.session(LENIENT)) {
			session.resolve(A);
			source.awaitStarted(1);
			Thread caller = new Thread(() -> assertThatExceptionOfType(SnapshotIncompleteException.class)
				.isThrownBy(() -> session.refetch(List.of(A))));
			caller.start();
			source.awaitStarted(1);
			caller.interrupt();
			caller.join(TimeUnit.SECONDS.toMillis(30));

			assertThat(caller.isAlive()).isFalse();
			assertThat(session.snapshot().get(A)).isOne();
			assertThat(scene.builder.health().count(Counter.REVALIDATION_FAILURE_COUNT)).isOne();
			source.answer(1);
			scene.assertIdle();
		}
	}

	@Test
	void interruptedCallerDoesNotWait() throws Exception {
		GatedSource source = GatedSource.of("gate", Scene.ONCE);
		CountDownLatch interrupted = new CountDownLatch(1);
		try (Scene scene = new Scene(source); SnapshotSession session = scene.builder.session(LENIENT)) {
			Thread caller = new Thread(() -> {
				try {
					session.resolve(A);
				}
				catch (SnapshotIncompleteException ex) {
					if (Thread.currentThread().isInterrupted()) {
						interrupted.countDown();
					}
				}
			});
			caller.start();
			source.awaitStarted(1);
			caller.interrupt();

			assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
			source.answer(1);
			assertThat(session.resolve(A).get(A)).isOne();
		}
	}

}
