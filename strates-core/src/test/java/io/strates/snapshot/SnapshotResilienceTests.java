package io.strates.snapshot;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.strates.snapshot.BuilderHealth.Counter;
import io.strates.snapshot.CircuitOptions.Scope;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotResilienceTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceType<Integer> TWICE = ResourceType.of("test", "twice", Integer.class);

	private static final ResourceType<Integer> THRICE = ResourceType.of("test", "thrice", Integer.class);

	private static DerivedSource<Integer> times(ResourceType<Integer> type, int factor) {
		return Sources.named(type.name(), type)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> inputs.get(A) * factor);
	}

	/** Z2: also when everything is fetched anew. */
	@Test
	void inputIsFetchedOnceForAllThatIsDerivedFromIt() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source, times(TWICE, 2), times(THRICE, 3));
				SnapshotSession session = scene.builder.session(SnapshotOptions.defaults())) {
			assertConsistent(session.resolve(A, TWICE.key(), THRICE.key()), 1);
			assertThat(source.calls).hasSize(1);

			assertConsistent(session.refetch(List.of(A)), 2);
			assertThat(source.calls).hasSize(2);
		}
	}

	private static void assertConsistent(Snapshot snapshot, int value) {
		assertThat(snapshot.get(A)).isEqualTo(value);
		assertThat(snapshot.get(TWICE.key())).isEqualTo(2 * value);
		assertThat(snapshot.get(THRICE.key())).isEqualTo(3 * value);
		String revision = snapshot.values().get(A).revisionId();
		assertThat(snapshot.values().get(TWICE.key()).inputs()).containsExactly(Map.entry(A, revision));
		assertThat(snapshot.values().get(THRICE.key()).inputs()).containsExactly(Map.entry(A, revision));
	}

	/** Z4: who fails at once goes on at once, and not with the slowest. */
	@Test
	void fallbackDoesNotWaitForOtherKeys() throws Exception {
		GatedSource gate = GatedSource.of("gate", Scene.ONCE);
		SingleSource<Integer> first = Sources.named("first", NUMBER)
			.priority(1)
			.options(Scene.ONCE)
			.fetching((key, context) -> {
				if (key.equals(A)) {
					throw new SourceUnavailableException("no A", null);
				}
				return gate.pass(B);
			});
		ConcurrentLinkedQueue<ResourceKey<Integer>> asked = new ConcurrentLinkedQueue<>();
		SingleSource<Integer> fallback = Sources.named("fallback", NUMBER)
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> {
				asked.add(key);
				gate.answer(1);
				return 2;
			});
		try (Scene scene = new Scene(first, fallback)) {
			Snapshot snapshot = Scene.await(scene.begin(A, B));

			assertThat(snapshot.values().get(A).source()).isEqualTo("fallback");
			assertThat(snapshot.values().get(B).source()).isEqualTo("first");
			assertThat(asked).containsExactly(A);
		}
	}

	/** Each access of this cache fails. */
	private static final class BrokenCache extends Revisions {

		BrokenCache(long maximum, Function<ResourceKey<?>, Freshness> freshness) {
			super(maximum, freshness);
		}

		@Override
		void read(KeyTable<?> keys, int from, @Nullable Revision<?>[] found) {
			throw new IllegalStateException("broken");
		}

		@Override
		@Nullable Revision<?> current(ResourceKey<?> key) {
			throw new IllegalStateException("broken");
		}

		@Override
		List<Written> write(Collection<? extends Revision<?>> candidates, long now, boolean force,
				boolean replaceEqual) {
			throw new IllegalStateException("broken");
		}

	}

	/** Z13. */
	@Test
	void cacheThatFailsDoesNotFailASnapshot() {
		try (Scene scene = new Scene((setup) -> setup.cache(BrokenCache::new), Scene.counting("rest"),
				times(TWICE, 2))) {
			Snapshot snapshot = scene.builder.build(TWICE.key(), A);

			assertThat(snapshot.get(A)).isOne();
			assertThat(snapshot.get(TWICE.key())).isEqualTo(2);
			assertThat(snapshot.diagnostics().warnings()).contains(
					"The cache could not be read: java.lang.IllegalStateException: broken",
					"The cache could not be written: java.lang.IllegalStateException: broken");
			assertThat(scene.builder.health().count(Counter.CACHE_FAILURE_COUNT)).isPositive();
			scene.assertIdle();
		}
	}

	/** Z15. */
	@Test
	void callThatCannotBeInterruptedKeepsItsSlot() throws Exception {
		GatedSource source = GatedSource.stubborn("slow",
				Scene.ONCE.maxConcurrency(1).timeout(Duration.ofMillis(10)).queueTimeout(Duration.ofSeconds(10)));
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> first = scene.begin(A);
			source.awaitStarted(1);
			scene.time.advance(Duration.ofMillis(10));
			assertThat(Scene.failures(Scene.await(first), A).get(0).errorType()).isEqualTo("SourceTimeoutException");

			CompletableFuture<Snapshot> second = scene.begin(B);

			assertThat(scene.usage("slow")).isEqualTo(new Capacity.Usage(1, 1, 1));
			assertThat(source.calls).containsExactly(A);
			source.answer(2);
			assertThat(Scene.await(second).isComplete()).isTrue();
			assertThat(source.peak()).isOne();
			scene.assertIdle();
		}
	}

	/** Z16. */
	@Test
	void hungSourcesDoNotStarveTheCache() throws Exception {
		GatedSource source = GatedSource.stubborn("hung", Scene.ONCE.timeout(Duration.ofMillis(10)));
		ResourceKey<?>[] many = IntStream.range(0, 20)
			.mapToObj((index) -> key("key-" + index))
			.toArray(ResourceKey<?>[]::new);
		try (Scene scene = new Scene(source)) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 7, "live"));
			CompletableFuture<Snapshot> hung = scene.begin(many);
			source.awaitStarted(8);
			scene.time.advance(Duration.ofMillis(10));

			assertThat(scene.builder.build(A).get(A)).isEqualTo(7);
			assertThat(scene.begin(A)).isDone();
			assertThat(scene.usage(Capacity.GLOBAL).inUse()).isEqualTo(8);
			scene.time.advance(Duration.ofMillis(20));
			assertThat(Scene.await(hung).errors()).hasSize(20);
			source.answer(8);
			scene.assertIdle();
			assertThat(source.peak()).isEqualTo(8);
		}
	}

	/** Z17. */
	@Test
	void lateSuccessDoesNotCloseACircuit() throws Exception {
		GatedSource gate = GatedSource.of("gate", Scene.ONCE);
		SingleSource<Integer> source = Sources.named("rest", NUMBER)
			.options(Scene.ONCE.circuit(CircuitOptions.of(Scope.SOURCE, 1, Duration.ofSeconds(10))))
			.fetching((key, context) -> {
				if (key.equals(A)) {
					return gate.pass(A);
				}
				throw new SourceUnavailableException("away", null);
			});
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> early = scene.begin(A);
			gate.awaitStarted(1);
			assertThat(Scene.await(scene.begin(B)).isComplete()).isFalse();
			gate.answer(1);

			assertThat(Scene.await(early).get(A)).isOne();
			assertThat(scene.circuit("rest[source]").state()).isEqualTo(BuilderHealth.Circuit.State.OPEN);
			scene.assertIdle();
		}
	}

	@Test
	void hedgeLeavesNothingBehind() throws Exception {
		GatedSource slow = GatedSource.of("slow", Scene.ONCE.hedged(true));
		try (Scene scene = new Scene(slow, Scene.counting("other"))) {
			slow.answer(40);
			for (int call = 0; call < 40; call++) {
				assertThat(scene.builder.build(key("key-" + call)).isComplete()).isTrue();
			}
			scene.assertIdle();
			slow.awaitStarted(40);
			CompletableFuture<Snapshot> building = scene.begin(A);
			slow.awaitStarted(1);
			scene.time.ring();

			Snapshot hedged = building.get(30, TimeUnit.SECONDS);

			assertThat(hedged.values().get(A).source()).isEqualTo("other");
			assertThat(hedged.diagnostics().count(Count.HEDGES)).isOne();
			slow.answer(1);
			scene.assertIdle();
		}
	}

	/** A plan is never left hanging, whatever code of others throws. */
	@Test
	void errorInThePlanEndsIt() throws Exception {
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(Scene.AT_ONCE).supporting((key) -> {
			throw new AssertionError("not for me");
		}).fetching((key, context) -> 1);
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = Scene.await(scene.begin(A, B));

			assertThat(snapshot.errors()).containsOnlyKeys(A, B);
			assertThat(Scene.failures(snapshot, A)).extracting(SourceFailure::errorType)
				.containsExactly("AssertionError");
			scene.assertIdle();
		}
	}

}
