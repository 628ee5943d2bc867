package io.strates.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotCoalescingTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	/** E1: with values that are not fresh for any time. */
	@Test
	void buildsThatOverlapShareACall() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.freshness(Freshness.of(Duration.ZERO, Duration.ofSeconds(10))),
				source)) {
			CompletableFuture<Snapshot> first = scene.begin(A);
			source.awaitStarted(1);
			CompletableFuture<Snapshot> second = scene.begin(A);
			source.answer(1);

			assertThat(Scene.await(first).get(A)).isOne();
			assertThat(Scene.await(second).get(A)).isOne();
			assertThat(source.calls).hasSize(1);
			assertThat(Scene.await(first).values().get(A).metadata()).doesNotContainKey("coalesced_request");
			assertThat(Scene.await(second).values().get(A).metadata()).containsEntry("coalesced_request", true);
			scene.assertIdle();
		}
	}

	/** E2. */
	@Test
	void batchesThatOverlapShareWhatTheyHaveInCommon() throws Exception {
		ConcurrentLinkedQueue<Set<ResourceKey<Integer>>> calls = new ConcurrentLinkedQueue<>();
		Semaphore started = new Semaphore(0);
		Semaphore go = new Semaphore(0);
		BatchSource<Integer> source = Sources.named("batch", NUMBER)
			.options(Scene.ONCE)
			.fetchingAll((keys, context) -> {
				calls.add(keys);
				started.release();
				go.acquire();
				Map<ResourceKey<Integer>, Integer> values = new LinkedHashMap<>();
				keys.forEach((key) -> values.put(key, 1));
				return values;
			});
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> first = scene.begin(A, B);
			assertThat(started.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Snapshot> second = scene.begin(B, C);
			assertThat(started.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
			go.release(2);

			assertThat(Scene.await(first).isComplete()).isTrue();
			assertThat(Scene.await(second).isComplete()).isTrue();
			assertThat(calls).containsExactly(Set.of(A, B), Set.of(C));
			assertThat(Scene.await(second).values().get(B).revisionId())
				.isEqualTo(Scene.await(first).values().get(B).revisionId());
		}
	}

	/** E4: who began the call leaves; the other gets what it brings. */
	@Test
	void callOutlivesWhoeverBeganIt() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> owner = scene.begin(Duration.ofSeconds(5), A);
			source.awaitStarted(1);
			CompletableFuture<Snapshot> follower = scene.begin(A);
			owner.cancel(false);
			source.answer(1);

			assertThat(Scene.await(follower).get(A)).isOne();
			assertThat(source.calls).hasSize(1);
			scene.assertIdle();
		}
	}

	/** E4: what nobody waits for any more, and has not begun, does not begin. */
	@Test
	void callThatWaitsForASlotIsLeftWithWhoeverBeganIt() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE.maxConcurrency(1));
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> running = scene.begin(A);
			source.awaitStarted(1);
			CompletableFuture<Snapshot> left = scene.begin(B);
			assertThat(scene.usage("slow")).isEqualTo(new Capacity.Usage(1, 1, 1));
			left.cancel(false);

			assertThat(scene.usage("slow")).isEqualTo(new Capacity.Usage(1, 1, 0));
			source.answer(2);
			assertThat(Scene.await(running).isComplete()).isTrue();
			scene.assertIdle();
			assertThat(source.calls).containsExactly(A);
		}
	}

	/** E6. */
	@Test
	void failureIsEverybodys() throws Exception {
		Semaphore started = new Semaphore(0);
		Semaphore go = new Semaphore(0);
		SingleSource<Integer> source = Sources.named("broken", NUMBER)
			.options(Scene.ONCE.circuit(CircuitOptions.disabled()))
			.fetching((key, context) -> {
				started.release();
				go.acquire();
				throw new SourceUnavailableException("away", null);
			});
		try (Scene scene = new Scene(source)) {
			CompletableFuture<Snapshot> leader = scene.begin(A);
			started.acquire();
			CompletableFuture<Snapshot> follower = scene.begin(A);
			go.release();

			List<SourceFailure> failures = Scene.failures(Scene.await(leader), A);
			assertThat(failures).containsExactly(new SourceFailure("broken", "SourceUnavailableException", "away", 1));
			assertThat(Scene.failures(Scene.await(follower), A)).isEqualTo(failures);
			assertThat(scene.engine().flights().size()).isZero();

			CompletableFuture<Snapshot> next = scene.begin(A);
			assertThat(started.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
			go.release();
			assertThat(Scene.await(next).diagnostics().count(Count.SOURCE_CALLS)).isOne();
		}
	}

	/** E8. */
	@Test
	void refetchDoesNotJoinACall() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.freshness(Freshness.of(Duration.ZERO, Duration.ZERO)), source);
				SnapshotSession session = scene.builder.session(SnapshotOptions.defaults())) {
			source.answer(1);
			session.resolve(A);
			source.awaitStarted(1);
			scene.time.advance(Duration.ofSeconds(1));
			CompletableFuture<Snapshot> other = scene.begin(A);
			source.awaitStarted(1);
			CompletableFuture<Snapshot> refetched = CompletableFuture.supplyAsync(() -> session.refetch(List.of(A)));
			source.awaitStarted(1);
			source.answer(2);

			assertThat(Scene.await(other).isComplete()).isTrue();
			assertThat(Scene.await(refetched).values().get(A).metadata()).doesNotContainKey("coalesced_request");
			assertThat(source.calls).hasSize(3);
		}
	}

	/** E9: the value is given up while it is being read anew. */
	@Test
	void missJoinsABackgroundRefresh() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene(
				(setup) -> setup
					.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(10)).staleWhileRevalidate()),
				source)) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 77, "live"));
			scene.time.advance(Duration.ofSeconds(2));
			assertThat(scene.builder.build(A).get(A)).isEqualTo(77);
			scene.time.ring();
			source.awaitStarted(1);
			scene.builder.publisher().invalidate(List.of(A));
			CompletableFuture<Snapshot> miss = scene.begin(A);
			source.answer(1);

			assertThat(Scene.await(miss).get(A)).isOne();
			assertThat(source.calls).hasSize(1);
			scene.assertIdle();
		}
	}

	@Test
	void manyBuildsOfOneColdKeyMakeOneCall() throws Exception {
		Scene.Counting source = Scene.counting("rest");
		int builds = 64;
		CyclicBarrier barrier = new CyclicBarrier(builds);
		try (Scene scene = new Scene(source)) {
			List<CompletableFuture<Snapshot>> all = new ArrayList<>();
			for (int build = 0; build < builds; build++) {
				CompletableFuture<Snapshot> built = new CompletableFuture<>();
				all.add(built);
				new Thread(() -> {
					try {
						barrier.await();
						built.complete(scene.builder.build(A));
					}
					catch (Exception ex) {
						built.completeExceptionally(ex);
					}
				}).start();
			}

			for (CompletableFuture<Snapshot> built : all) {
				assertThat(Scene.await(built).get(A)).isOne();
			}
			assertThat(source.calls).containsExactly(A);
			scene.assertIdle();
		}
	}

}
