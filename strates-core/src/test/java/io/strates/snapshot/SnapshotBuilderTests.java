package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class SnapshotBuilderTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	private static Sources<Integer> numbers(String name) {
		return Sources.named(name, NUMBER).options(Scene.AT_ONCE);
	}

	private static SingleSource<Integer> failing(String name, int priority) {
		return numbers(name).priority(priority).fetching((key, context) -> {
			throw new SourceUnavailableException(name + " is away", null);
		});
	}

	/** C1. */
	@Test
	void sourceOfLowerPriorityAnswersForOneThatFails() {
		try (Scene scene = new Scene(numbers("fallback").priority(10).fetching((key, context) -> 42),
				failing("primary", 100))) {
			Snapshot snapshot = scene.builder.build(A);

			assertThat(snapshot.get(A)).isEqualTo(42);
			assertThat(snapshot.result(A)).isInstanceOfSatisfying(ResourceResult.Resolved.class,
					(resolved) -> assertThat(resolved.value().source()).isEqualTo("fallback"));
			assertThat(snapshot.diagnostics().callsBySource()).containsOnly(Map.entry("primary", 1L),
					Map.entry("fallback", 1L));
		}
	}

	/** C2. */
	@Test
	void freshValueIsReadOnce() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source)) {
			SnapshotValue<?> first = scene.builder.build(A).values().get(A);
			SnapshotValue<?> second = scene.builder.build(A).values().get(A);

			assertThat(source.calls).containsExactly(A);
			assertThat(first.isFromCache()).isFalse();
			assertThat(second.isFromCache()).isTrue();
			assertThat(second.latency()).isZero();
			assertThat(second.revisionId()).isEqualTo(first.revisionId());
		}
	}

	/** C5, C7. */
	@Test
	void newestStaleAnswerIsBetterThanNothing() {
		try (Scene scene = new Scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(10))), aged("old", 8),
				aged("newer", 3))) {
			Snapshot snapshot = scene.builder.build(A);

			assertThat(snapshot.get(A)).isEqualTo(3);
			assertThat(snapshot.staleKeys()).containsExactly(A);
			assertThat(snapshot.diagnostics().count(Count.STALE_VALUES)).isOne();
		}
	}

	private static SingleSource<Integer> aged(String name, int seconds) {
		return numbers(name).fetchingPayload(
				(key, context) -> SourcePayload.observed(seconds, context.requestedAt().minusSeconds(seconds)));
	}

	/** C9, C10. */
	@Test
	void whatIsThereIsDeliveredWithTheErrors() {
		try (Scene scene = new Scene(numbers("rest").fetching((key, context) -> {
			if (key.equals(B)) {
				throw new SourceUnavailableException("no B", null);
			}
			return 10;
		}))) {
			Snapshot lenient = scene.builder.build(List.of(A, B), SnapshotOptions.defaults().lenient());

			assertThat(lenient.isComplete()).isFalse();
			assertThat(lenient.get(A)).isEqualTo(10);
			assertThat(lenient.find(B)).isEmpty();
			assertThat(lenient.errors()).containsOnlyKeys(B);
			assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(() -> scene.builder.build(A, B))
				.satisfies((ex) -> assertThat(ex.errors()).containsOnlyKeys(B))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isEqualTo(10))
				.withMessageContaining("rest: SourceUnavailableException(no B; attempts=1)");
		}
	}

	/** C12. */
	@Test
	void keyThatIsThereTwiceCountsOnce() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.builder.build(A, A, A);

			assertThat(source.calls).hasSize(1);
			assertThat(snapshot.diagnostics().requested()).isOne();
		}
	}

	/** C13. */
	@Test
	void sourceThatCannotSayWhatItSupportsIsPassedBy() {
		try (Scene scene = new Scene(numbers("odd").priority(1).supporting((key) -> {
			throw new IllegalStateException("odd");
		}).fetching((key, context) -> 1), numbers("other").fetching((key, context) -> 2))) {
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
		}
	}

	/** C15. */
	@Test
	void sourcesOfEqualPriorityAreAskedAsTheyWereAdded() {
		try (Scene scene = new Scene(numbers("x").priority(10).fetching((key, context) -> 1),
				numbers("y").priority(10).fetching((key, context) -> 2))) {
			assertThat(scene.builder.build(A).get(A)).isOne();
		}
	}

	/** C16, Q10. */
	@Test
	void nothingIsRefusedWithAWord() {
		SingleSource<Integer> source = numbers("x").fetching((key, context) -> 1);
		assertThatIllegalArgumentException().isThrownBy(() -> SnapshotBuilder.with().create())
			.withMessageContaining("no sources");
		assertThatIllegalArgumentException().isThrownBy(() -> SnapshotBuilder.with(source, source).create())
			.withMessageContaining("'x'");
		Scene scene = new Scene(source);
		assertThatIllegalArgumentException().isThrownBy(() -> scene.builder.build())
			.withMessageContaining("no resources");
		scene.close();
		scene.close();
		assertThatIllegalStateException().isThrownBy(() -> scene.builder.build(A)).withMessageContaining("closed");
	}

	/** D1, D2. */
	@Test
	void keysThatABatchOmitsGoToTheNextSource() {
		List<Set<ResourceKey<Integer>>> calls = Collections.synchronizedList(new ArrayList<>());
		BatchSource<Integer> batch = numbers("batch").priority(1).fetchingAll((keys, context) -> {
			calls.add(keys);
			Map<ResourceKey<Integer>, Integer> values = new LinkedHashMap<>();
			keys.stream().filter((key) -> !key.equals(B)).forEach((key) -> values.put(key, 1));
			return values;
		});
		Scene.Counting fallback = Scene.counting("fallback");
		try (Scene scene = new Scene(batch, fallback)) {
			Snapshot snapshot = scene.builder.build(A, B, C);

			assertThat(calls).hasSize(1);
			assertThat(calls.get(0)).containsExactly(A, B, C);
			assertThat(fallback.calls).containsExactly(B);
			assertThat(snapshot.values().values()).extracting(SnapshotValue::source)
				.containsExactly("batch", "fallback", "batch");
		}
	}

	/**
	 * E1, E4 and E6: one call, its failure is everybody's, and the next one calls again.
	 */
	@Test
	void buildsThatNeedTheSameKeyShareOneCall() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		SingleSource<Integer> slow = Sources.named("slow", NUMBER).options(Scene.ONCE).fetching((key, context) -> {
			called.countDown();
			go.await();
			return 123;
		});
		try (Scene scene = new Scene(slow)) {
			CompletableFuture<Snapshot> first = scene.builder.buildAsync(List.of(A), SnapshotOptions.defaults());
			called.await();
			CompletableFuture<Snapshot> second = scene.builder.buildAsync(List.of(A), SnapshotOptions.defaults());
			first.cancel(false);
			go.countDown();

			Snapshot followed = second.get(30, TimeUnit.SECONDS);

			assertThat(followed.get(A)).isEqualTo(123);
			assertThat(followed.values().get(A).metadata()).containsEntry("coalesced_request", true);
			assertThat(followed.diagnostics().count(Count.COALESCED)).isOne();
			assertThat(followed.diagnostics().count(Count.SOURCE_CALLS)).isZero();
			assertThat(((DefaultSnapshotBuilder) scene.builder).engine().flights().size()).isZero();
		}
	}

	/** F1, F2, F7, F11, F16. */
	@Test
	void derivedValuesShareTheirInputs() {
		Scene.Counting raw = Scene.counting("raw");
		ResourceType<Integer> twice = ResourceType.of("test", "twice", Integer.class);
		ResourceType<Integer> chained = ResourceType.of("test", "chained", Integer.class);
		DerivedSource<Integer> doubling = Sources.named("doubling", twice)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> inputs.get(A) * 2);
		DerivedSource<Integer> chaining = Sources.named("chaining", chained)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(twice.key()), (key, inputs) -> inputs.get(twice.key()) + 1);
		try (Scene scene = new Scene(raw, doubling, chaining)) {
			Snapshot snapshot = scene.builder.build(chained.key(), twice.key(), A);

			assertThat(snapshot.get(chained.key())).isEqualTo(3);
			assertThat(snapshot.get(twice.key())).isEqualTo(2);
			assertThat(raw.calls).containsExactly(A);
			assertThat(snapshot.values().get(twice.key()).inputs())
				.containsExactly(Map.entry(A, snapshot.values().get(A).revisionId()));

			scene.builder.publisher().publish(ResourceUpdate.of(A, 5, "live").observedAt(Instant.ofEpochSecond(101)));
			Snapshot next = scene.builder.build(chained.key());

			assertThat(next.get(chained.key())).isEqualTo(11);
			assertThat(next.values()).containsOnlyKeys(chained.key());
			assertThat(raw.calls).hasSize(1);
		}
	}

	/** F4. */
	@Test
	void resourcesThatAreDerivedFromEachOtherAreAnError() {
		DerivedSource<Integer> source = numbers("circle").deriving((key) -> Set.of(key.equals(A) ? B : A),
				(key, inputs) -> 1);
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.builder.build(List.of(A), SnapshotOptions.defaults().lenient());

			assertThat(snapshot.error(A)).isInstanceOfSatisfying(ResourceUnresolvedException.class, (ex) -> {
				assertThat(ex.failures().get(0).errorType()).isEqualTo("DependencyFailedException");
				assertThat(ex.failures().get(0).message()).contains("DependencyCycleException")
					.contains("test:number:B -> test:number:A -> test:number:B");
			});
		}
	}

	/** G1, Z5: the follower's time ends by itself, the leader's call goes on. */
	@Test
	void deadlineEndsTheWaitAndNotTheCall() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		SingleSource<Integer> slow = Sources.named("slow", NUMBER)
			.options(Scene.ONCE.timeout(Duration.ofSeconds(1)))
			.fetching((key, context) -> {
				called.countDown();
				go.await();
				return 1;
			});
		try (Scene scene = new Scene(slow)) {
			CompletableFuture<Snapshot> leader = scene.builder.buildAsync(List.of(A), SnapshotOptions.defaults());
			called.await();
			CompletableFuture<Snapshot> follower = scene.builder.buildAsync(List.of(A),
					SnapshotOptions.defaults().within(Duration.ofMillis(20)));
			scene.time.advance(Duration.ofMillis(20));

			assertThat(follower).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOfSatisfying(SnapshotIncompleteException.class,
						(ex) -> assertThat(
								((ResourceUnresolvedException) ex.errors().get(A)).failures().get(0).errorType())
							.isEqualTo("SnapshotDeadlineException"));
			assertThat(leader).isNotDone();
			go.countDown();
			assertThat(leader.get(30, TimeUnit.SECONDS).get(A)).isOne();
		}
	}

	/** J1, J7, Z11. */
	@Test
	void staleValuesAreReadAnewTogether() {
		List<Set<ResourceKey<Integer>>> calls = new ArrayList<>();
		List<Map<String, Object>> contexts = new ArrayList<>();
		BatchSource<Integer> batch = numbers("batch").fetchingAll((keys, context) -> {
			calls.add(keys);
			contexts.add(context.metadata());
			Map<ResourceKey<Integer>, Integer> values = new LinkedHashMap<>();
			keys.forEach((key) -> values.put(key, calls.size()));
			return values;
		});
		try (Scene scene = new Scene(
				(setup) -> setup
					.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(10)).staleWhileRevalidate()),
				batch)) {
			scene.builder.build(A, B);
			scene.time.advance(Duration.ofSeconds(2));

			Snapshot stale = scene.builder.build(List.of(A, B), SnapshotOptions.defaults().id("parent"));
			scene.time.ring();

			assertThat(stale.get(A)).isOne();
			assertThat(stale.staleKeys()).containsExactly(A, B);
			assertThat(stale.values().get(A).metadata()).containsEntry("refresh_scheduled", true);
			assertThat(calls).hasSize(2);
			assertThat(contexts.get(1)).containsEntry("parent_snapshot_id", "parent")
				.containsEntry("refresh_reason", "stale_while_revalidate");
			assertThat(scene.builder.refreshed()).isDone();
			assertThat(scene.builder.build(A, B).get(B)).isEqualTo(2);
		}
	}

	/** Z1: each build leads what the other one needs. */
	@Test
	void buildsThatNeedEachOthersInputsEnd() throws Exception {
		ResourceType<Integer> derived = ResourceType.of("test", "derived", Integer.class);
		CyclicBarrier both = new CyclicBarrier(2);
		SingleSource<Integer> base = Sources.named("base", NUMBER).options(Scene.ONCE).fetching((key, context) -> {
			both.await();
			return 1;
		});
		DerivedSource<Integer> sum = Sources.named("sum", derived)
			.priority(10)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(key(key.subject())), (key, inputs) -> inputs.get(key(key.subject())) + 1);
		try (Scene scene = new Scene(base, sum)) {
			CompletableFuture<Snapshot> first = scene.builder.buildAsync(List.of(derived.key("A"), B),
					SnapshotOptions.defaults());
			CompletableFuture<Snapshot> second = scene.builder.buildAsync(List.of(derived.key("B"), A),
					SnapshotOptions.defaults());

			assertThat(first.get(30, TimeUnit.SECONDS).get(derived.key("A"))).isEqualTo(2);
			assertThat(second.get(30, TimeUnit.SECONDS).get(derived.key("B"))).isEqualTo(2);
		}
	}

	/** Z3, Z4: the sources of disjoint keys are asked at the same time. */
	@Test
	void independentSourcesAreAskedAtTheSameTime() throws Exception {
		CyclicBarrier all = new CyclicBarrier(3);
		ResourceType<Integer> other = ResourceType.of("test", "other", Integer.class);
		ResourceType<Integer> third = ResourceType.of("test", "third", Integer.class);
		Sources.Fetch<Integer> meeting = (key, context) -> {
			all.await();
			return 1;
		};
		try (Scene scene = new Scene(Sources.named("one", NUMBER).options(Scene.ONCE).fetching(meeting),
				Sources.named("two", other).options(Scene.ONCE).fetching(meeting),
				Sources.named("broken", third).priority(1).options(Scene.ONCE).fetching((key, context) -> {
					throw new SourceUnavailableException("broken", null);
				}), Sources.named("three", third).options(Scene.ONCE).fetching(meeting))) {
			Snapshot snapshot = scene.builder
				.buildAsync(List.of(A, other.key(), third.key()), SnapshotOptions.defaults())
				.get(30, TimeUnit.SECONDS);

			assertThat(snapshot.isComplete()).isTrue();
		}
	}

	/** Z7. */
	@Test
	void newerStaleValueOfTheCacheIsBetterThanAnOlderOneOfASource() {
		try (Scene scene = new Scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(60))),
				aged("old", 10))) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 95, "live").observedAt(Instant.ofEpochSecond(95)));

			Snapshot snapshot = scene.builder.build(A);

			assertThat(snapshot.get(A)).isEqualTo(95);
			assertThat(snapshot.values().get(A).metadata()).containsEntry("fallback_error_type",
					"ResourceUnresolvedException");
		}
	}

	/** Z9. */
	@Test
	void derivedValueIsAsOldAsItsInputs() {
		ResourceType<Integer> derived = ResourceType.of("test", "derived", Integer.class);
		try (Scene scene = new Scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(60))),
				aged("old", 10),
				Sources.named("sum", derived)
					.options(Scene.AT_ONCE)
					.deriving((key) -> Set.of(A), (key, inputs) -> 1))) {
			SnapshotValue<?> value = scene.builder.build(derived.key()).values().get(derived.key());

			assertThat(value.isStale()).isTrue();
			assertThat(value.observedAt()).isEqualTo(Instant.ofEpochSecond(90));
		}
	}

	/** K1, K6, K8, I8. */
	@Test
	void sessionKeepsWhatItHasResolved() {
		Scene.Counting source = Scene.counting("rest");
		ResourceType<Integer> derived = ResourceType.of("test", "derived", Integer.class);
		DerivedSource<Integer> sum = Sources.named("sum", derived)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> inputs.get(A) * 10);
		try (Scene scene = new Scene((setup) -> setup.freshness(Freshness.of(Duration.ZERO, Duration.ZERO)), source,
				sum); SnapshotSession session = scene.builder.session(SnapshotOptions.defaults().id("cycle-1"))) {
			session.resolve(A);
			scene.time.advance(Duration.ofSeconds(1));
			Snapshot both = session.resolve(A, B, derived.key());

			assertThat(both.id()).isEqualTo("cycle-1");
			assertThat(both.get(A)).isOne();
			assertThat(both.get(derived.key())).isEqualTo(10);
			assertThat(source.calls).containsExactly(A, B);

			Snapshot again = session.refetch(List.of(A));

			assertThat(again.get(A)).isEqualTo(2);
			assertThat(again.get(derived.key())).isEqualTo(20);
			assertThat(again.values().get(B).revisionId()).isEqualTo(both.values().get(B).revisionId());

			source.down = true;
			assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(() -> session.refetch(List.of(A)))
				.satisfies((ex) -> assertThat(ex.snapshot().get(derived.key())).isEqualTo(20));
			assertThat(session.snapshot().get(A)).isEqualTo(2);
			assertThatIllegalArgumentException().isThrownBy(() -> session.revalidate(List.of(C)))
				.withMessageContaining("already resolved");
		}
	}

}
