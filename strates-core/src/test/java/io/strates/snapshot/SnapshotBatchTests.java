package io.strates.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotBatchTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	private static Sources<Integer> batch(SourceOptions options) {
		return Sources.named("batch", NUMBER).priority(1).options(options);
	}

	private static ResourceKey<?>[] keys(int number) {
		return IntStream.range(0, number).mapToObj((index) -> key("key-" + index)).toArray(ResourceKey<?>[]::new);
	}

	private static Map<ResourceKey<Integer>, Integer> all(Set<ResourceKey<Integer>> keys) {
		Map<ResourceKey<Integer>, Integer> values = new LinkedHashMap<>();
		keys.forEach((key) -> values.put(key, 1));
		return values;
	}

	/** D4. */
	@Test
	void answerThatIsNoneIsAViolation() {
		try (Scene scene = new Scene(batch(Scene.AT_ONCE).fetchingAnswer((keys, context) -> nothing()))) {
			List<SourceFailure> failures = Scene.failures(scene.lenient(A), A);

			assertThat(failures).hasSize(1);
			assertThat(failures.get(0).errorType()).isEqualTo("SourceProtocolException");
			assertThat(failures.get(0).attempts()).isOne();
		}
	}

	@SuppressWarnings("NullAway") // what a source must not do
	private static BatchAnswer<Integer> nothing() {
		return null;
	}

	/**
	 * D4: an answer for what was not asked for spoils the whole call, and is not
	 * repeated.
	 */
	@Test
	void answerForAnotherKeyIsAViolation() {
		AtomicInteger calls = new AtomicInteger();
		BatchSource<Integer> source = batch(SourceOptions.defaults().nonBlocking()).fetchingAll((keys, context) -> {
			calls.incrementAndGet();
			return Map.of(A, 1, C, 3);
		});
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.lenient(A, B);

			assertThat(snapshot.errors()).containsOnlyKeys(A, B);
			assertThat(Scene.failures(snapshot, A).get(0).errorType()).isEqualTo("SourceProtocolException");
			assertThat(Scene.failures(snapshot, A).get(0).message()).contains("test:number:C");
			assertThat(calls).hasValue(1);
		}
	}

	/** D6. */
	@Test
	void manyKeysAreAskedForInParts() {
		ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
		BatchSource<Integer> source = batch(Scene.AT_ONCE.maxBatchSize(3)).fetchingAll((keys, context) -> {
			sizes.add(keys.size());
			return all(keys);
		});
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.builder.build(keys(7));

			assertThat(sizes).containsExactlyInAnyOrder(3, 3, 1);
			assertThat(snapshot.diagnostics().count(Count.BATCH_CHUNKS)).isEqualTo(3);
			assertThat(snapshot.values()).hasSize(7);
		}
	}

	/** D8. */
	@Test
	void partsRunWithinTheLimitOfTheSource() throws Exception {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger peak = new AtomicInteger();
		Semaphore started = new Semaphore(0);
		Semaphore go = new Semaphore(0);
		BatchSource<Integer> source = batch(Scene.ONCE.maxBatchSize(1).maxConcurrency(2))
			.fetchingAll((keys, context) -> {
				peak.accumulateAndGet(running.incrementAndGet(), Math::max);
				started.release();
				go.acquire();
				running.decrementAndGet();
				return all(keys);
			});
		try (Scene scene = new Scene((setup) -> setup.maxConcurrency(8), source)) {
			CompletableFuture<Snapshot> building = scene.begin(keys(20));
			for (int call = 0; call < 20; call++) {
				assertThat(started.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
				go.release();
			}

			assertThat(Scene.await(building).values()).hasSize(20);
			assertThat(peak).hasValue(2);
			scene.assertIdle();
		}
	}

	/** D10. */
	@Test
	void valueFromTheFutureFailsAlone() {
		BatchSource<Integer> source = batch(Scene.AT_ONCE)
			.fetchingAnswer((keys, context) -> new BatchAnswer<Integer>().add(A, SourcePayload.of(1))
				.add(B, SourcePayload.observed(2, context.requestedAt().plusSeconds(60))));
		try (Scene scene = new Scene((setup) -> setup.futureTolerance(Duration.ZERO), source)) {
			Snapshot snapshot = scene.lenient(A, B);

			assertThat(snapshot.get(A)).isOne();
			assertThat(snapshot.errors()).containsOnlyKeys(B);
			assertThat(Scene.failures(snapshot, B).get(0).errorType()).isEqualTo("SourceProtocolException");
			assertThat(snapshot.diagnostics().count(Count.FUTURE_OBSERVATIONS)).isOne();
		}
	}

	/** D11. */
	@Test
	void oneCallTakesOneSlot() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		BatchSource<Integer> source = batch(Scene.ONCE).fetchingAll((keys, context) -> {
			called.countDown();
			go.await();
			return all(keys);
		});
		try (Scene scene = new Scene((setup) -> setup.maxConcurrency(1), source)) {
			CompletableFuture<Snapshot> building = scene.begin(keys(50));
			called.await();
			assertThat(scene.usage(Capacity.GLOBAL)).isEqualTo(new Capacity.Usage(1, 1, 0));
			go.countDown();

			SnapshotDiagnostics diagnostics = Scene.await(building).diagnostics();

			assertThat(diagnostics.count(Count.SOURCE_CALLS)).isOne();
			assertThat(diagnostics.count(Count.BATCH_CALLS)).isOne();
			assertThat(diagnostics.resolved()).isEqualTo(50);
		}
	}

	/** D13. */
	@Test
	void answerWithoutValuesIsAFailure() {
		Scene.Counting fallback = Scene.counting("fallback");
		try (Scene scene = new Scene(batch(Scene.AT_ONCE).fetchingAll((keys, context) -> Map.of()), fallback)) {
			Snapshot snapshot = scene.builder.build(A, B);

			assertThat(snapshot.values().values()).extracting(SnapshotValue::source).containsOnly("fallback");
			assertThat(scene.circuit("batch[source]").failures()).isOne();
			assertThat(fallback.calls).containsExactlyInAnyOrder(A, B);
		}
	}

	/** D2: a failure of one key is that key's, and others do not fail the circuit. */
	@Test
	void keysFailByThemselves() {
		BatchSource<Integer> source = batch(Scene.AT_ONCE)
			.fetchingAnswer((keys, context) -> new BatchAnswer<Integer>().add(A, SourcePayload.of(1))
				.fail(B, new IllegalStateException("B is broken")));
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.lenient(A, B, C);

			assertThat(snapshot.get(A)).isOne();
			assertThat(Scene.failures(snapshot, B))
				.containsExactly(new SourceFailure("batch", "IllegalStateException", "B is broken", 1));
			assertThat(Scene.failures(snapshot, C).get(0).message()).contains("omitted");
			assertThat(scene.circuit("batch[source]").failures()).isZero();
		}
	}

	/** D1, N1, N2. */
	@Test
	void batchIsOneReadAndOneWriteOfTheCache() {
		List<Set<ResourceKey<Integer>>> calls = new ArrayList<>();
		BatchSource<Integer> source = batch(Scene.AT_ONCE).fetchingAnswer((keys, context) -> {
			calls.add(keys);
			return new BatchAnswer<Integer>().add(A, SourcePayload.observed(1, context.requestedAt()))
				.add(B, SourcePayload.observed(2, context.requestedAt().minusSeconds(2)));
		});
		try (Scene scene = new Scene(source)) {
			SnapshotDiagnostics first = scene.builder.build(A, B).diagnostics();
			SnapshotDiagnostics second = scene.builder.build(A, B).diagnostics();

			assertThat(calls).containsExactly(Set.of(A, B));
			assertThat(first.callsBySource()).containsOnly(Map.entry("batch", 1L));
			assertThat(first.count(Count.CACHE_READS)).isOne();
			assertThat(first.count(Count.CACHE_WRITES)).isOne();
			assertThat(first.skew()).isEqualTo(Duration.ofSeconds(2));
			assertThat(second.count(Count.CACHE_HITS)).isEqualTo(2);
			assertThat(second.count(Count.SOURCE_CALLS)).isZero();
		}
	}

}
