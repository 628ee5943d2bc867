package io.strates.snapshot;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotRefreshTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final Freshness SHORT = Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(10));

	private static final Freshness WHILE_REVALIDATED = SHORT.staleWhileRevalidate();

	private static final Freshness AHEAD = Freshness.of(Duration.ofSeconds(10), Duration.ofSeconds(10))
		.refreshedAhead(Duration.ofSeconds(3));

	private static void advance(Scene scene, long seconds) {
		scene.time.advance(Duration.ofSeconds(seconds));
	}

	/** J1. */
	@Test
	void staleValueIsDeliveredAndReadAnew() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene((setup) -> setup.freshness(WHILE_REVALIDATED), source)) {
			scene.builder.build(A);
			advance(scene, 2);

			Snapshot stale = scene.builder.build(A);

			assertThat(stale.get(A)).isOne();
			assertThat(stale.staleKeys()).containsExactly(A);
			assertThat(stale.values().get(A).metadata()).containsEntry("refresh_scheduled", true)
				.containsEntry("refresh_mode", "stale_while_revalidate");
			assertThat(stale.diagnostics().count(Count.REFRESHES_SCHEDULED)).isOne();
			assertThat(stale.diagnostics().count(Count.STALE_VALUES)).isOne();
			assertThat(scene.builder.refreshed()).isNotDone();
			scene.time.ring();
			assertThat(scene.builder.refreshed()).isDone();
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
			assertThat(source.calls).hasSize(2);
			scene.assertIdle();
		}
	}

	/** J2. */
	@Test
	void valueIsReadAnewBeforeItIsStale() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene((setup) -> setup.freshness(AHEAD), source)) {
			scene.builder.build(A);
			advance(scene, 8);

			Snapshot fresh = scene.builder.build(A);

			assertThat(fresh.get(A)).isOne();
			assertThat(fresh.staleKeys()).isEmpty();
			assertThat(fresh.values().get(A).metadata()).containsEntry("refresh_scheduled", true);
			scene.time.ring();
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
			scene.assertIdle();
		}
	}

	/** J4, J6. */
	@Test
	void buildWaitsForWhatIsOfNoUseOrMustBeFresh() {
		for (Freshness freshness : new Freshness[] { WHILE_REVALIDATED, SHORT }) {
			Scene.Counting source = Scene.counting("rest");
			try (Scene scene = new Scene((setup) -> setup.freshness(freshness), source)) {
				scene.builder.build(A);
				advance(scene, (freshness == SHORT) ? 2 : 11);

				Snapshot snapshot = scene.builder.build(A);

				assertThat(snapshot.get(A)).isEqualTo(2);
				assertThat(snapshot.staleKeys()).isEmpty();
				assertThat(snapshot.diagnostics().count(Count.REFRESHES_SCHEDULED)).isZero();
			}
		}
	}

	/** J7. */
	@Test
	void sourceIsToldThatItIsAskedInTheBackground() {
		AtomicReference<FetchContext> last = new AtomicReference<>();
		SingleSource<Integer> source = Sources.named("rest", NUMBER).options(Scene.AT_ONCE).fetching((key, context) -> {
			last.set(context);
			return 1;
		});
		try (Scene scene = new Scene((setup) -> setup.freshness(AHEAD), source)) {
			scene.builder.build(A);
			assertThat(last.get().metadata()).isEmpty();
			advance(scene, 7);
			scene.builder.build(List.of(A), SnapshotOptions.defaults().id("parent").metadata(Map.of("tenant", "t1")));
			scene.time.ring();

			assertThat(last.get().snapshotId()).matches("parent:refresh:[0-9a-f]{8}");
			assertThat(last.get().metadata()).containsOnly(Map.entry("tenant", "t1"),
					Map.entry("background_refresh", true), Map.entry("refresh_reason", "refresh_ahead"),
					Map.entry("parent_snapshot_id", "parent"));
		}
	}

	/** J9. */
	@Test
	void nothingIsReadAnewAfterTheEnd() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		Scene scene = new Scene((setup) -> setup.freshness(WHILE_REVALIDATED), source);
		scene.builder.publisher().publish(ResourceUpdate.of(A, 7, "live"));
		scene.builder.publisher().publish(ResourceUpdate.of(key("B"), 8, "live"));
		advance(scene, 2);
		scene.builder.build(A);
		scene.time.ring();
		source.awaitStarted(1);
		scene.builder.build(key("B"));
		CompletableFuture<Void> refreshed = scene.builder.refreshed();
		scene.close();

		assertThat(refreshed).succeedsWithin(Duration.ofSeconds(30));
		scene.time.ring();
		scene.assertIdle();
		assertThat(source.calls).containsExactly(A);
		assertThat(source.running()).isZero();
	}

	/** J1: one that is on its way is not begun again. */
	@Test
	void valueIsReadAnewOnceAtATime() throws Exception {
		GatedSource source = GatedSource.of("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.freshness(WHILE_REVALIDATED), source)) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 7, "live"));
			advance(scene, 2);
			scene.builder.build(A);
			scene.time.ring();
			source.awaitStarted(1);

			Snapshot second = scene.builder.build(A);

			assertThat(second.values().get(A).metadata()).containsEntry("refresh_scheduled", true);
			assertThat(second.diagnostics().count(Count.REFRESHES_SCHEDULED)).isZero();
			source.answer(1);
			scene.assertIdle();
			assertThat(source.calls).hasSize(1);
			assertThat(scene.builder.build(A).get(A)).isOne();
		}
	}

	/** Z11. */
	@Test
	void manyStaleValuesAreOneCall() {
		ConcurrentLinkedQueue<Set<ResourceKey<Integer>>> calls = new ConcurrentLinkedQueue<>();
		BatchSource<Integer> source = Sources.named("batch", NUMBER)
			.options(Scene.AT_ONCE.maxBatchSize(200))
			.fetchingAll((keys, context) -> {
				calls.add(keys);
				Map<ResourceKey<Integer>, Integer> values = new LinkedHashMap<>();
				keys.forEach((key) -> values.put(key, calls.size()));
				return values;
			});
		ResourceKey<?>[] keys = IntStream.range(0, 200)
			.mapToObj((index) -> key("key-" + index))
			.toArray(ResourceKey<?>[]::new);
		try (Scene scene = new Scene((setup) -> setup.freshness(WHILE_REVALIDATED), source)) {
			scene.builder.build(keys);
			advance(scene, 2);
			assertThat(scene.builder.build(keys).staleKeys()).hasSize(200);
			scene.time.ring();

			assertThat(calls).hasSize(2);
			assertThat(calls).allSatisfy((asked) -> assertThat(asked).hasSize(200));
			assertThat(scene.builder.build(keys).staleKeys()).isEmpty();
			scene.assertIdle();
		}
	}

	/** Z12: after a failure the source is left alone for a second, then for two. */
	@Test
	void refreshThatFailedIsNotTriedAgainAtOnce() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(
				(setup) -> setup
					.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(60)).staleWhileRevalidate()),
				source)) {
			scene.builder.build(A);
			advance(scene, 2);
			source.down = true;
			assertThat(isScheduled(scene)).isTrue();

			assertThat(isScheduled(scene)).isFalse();
			scene.time.advance(Duration.ofMillis(999));
			assertThat(isScheduled(scene)).isFalse();
			scene.time.advance(Duration.ofMillis(1));
			assertThat(isScheduled(scene)).isTrue();
			scene.time.advance(Duration.ofMillis(1999));
			assertThat(isScheduled(scene)).isFalse();
			source.down = false;
			scene.time.advance(Duration.ofMillis(1));
			assertThat(isScheduled(scene)).isTrue();
			assertThat(source.calls).hasSize(4);
			assertThat(scene.builder.build(A).staleKeys()).isEmpty();
		}
	}

	private static boolean isScheduled(Scene scene) {
		Object scheduled = scene.value(A).metadata().get("refresh_scheduled");
		scene.time.ring();
		return Boolean.TRUE.equals(scheduled);
	}

	/** Z12: a refresh that hangs ends with its own limit. */
	@Test
	void refreshHasADeadline() throws Exception {
		GatedSource source = GatedSource.stubborn("slow", Scene.ONCE);
		try (Scene scene = new Scene((setup) -> setup.freshness(WHILE_REVALIDATED).refreshLimit(Duration.ofSeconds(3)),
				source)) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 7, "live"));
			advance(scene, 2);
			scene.builder.build(A);
			scene.time.ring();
			source.awaitStarted(1);
			CompletableFuture<Void> refreshed = scene.builder.refreshed();
			advance(scene, 3);

			assertThat(refreshed).isDone();
			assertThat(scene.usage(Capacity.GLOBAL).inUse()).isOne();
			source.answer(1);
			scene.assertIdle();
		}
	}

}
