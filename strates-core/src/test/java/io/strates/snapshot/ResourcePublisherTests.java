package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.strates.snapshot.PublishResult.Status;
import io.strates.snapshot.ResourcePublisher.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class ResourcePublisherTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final AuthorityResolver RANKS = (key, source) -> Map.of("local", 300, "stream", 200, "rest", 100)
		.getOrDefault(source, 0);

	private static ResourceUpdate<Integer> update(ResourceKey<Integer> key, int value, String source, double observed) {
		return ResourceUpdate.of(key, value, source).observedAt(Instant.ofEpochMilli(Math.round(observed * 1000)));
	}

	private static PublishResult<?> publish(Scene scene, ResourceUpdate<Integer> update, Order order) {
		return scene.builder.publisher().publish(List.of(update), order).get(0);
	}

	/** I1, I6. */
	@Test
	void publishedValueNeedsNoSource() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source)) {
			PublishResult<Integer> result = scene.builder.publisher().publish(ResourceUpdate.of(A, 7, "live"));

			assertThat(result.status()).isEqualTo(Status.PUBLISHED);
			SnapshotValue<?> value = scene.value(A);
			assertThat(value.value()).isEqualTo(7);
			assertThat(value.source()).isEqualTo("live");
			assertThat(value.isFromCache()).isTrue();
			assertThat(value.metadata()).containsEntry("published", true);
			assertThat(value.observedAt()).isEqualTo(Instant.ofEpochSecond(100));
			assertThat(value.attempts()).isZero();
			assertThat(value.latency()).isZero();
			assertThat(source.calls).isEmpty();
		}
	}

	/** I2. */
	@Test
	void onlyForceReplacesANewerValue() {
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			publish(scene, update(A, 1, "live", 100), Order.NEWER);

			assertThat(publish(scene, update(A, 2, "live", 99), Order.NEWER).status()).isEqualTo(Status.IGNORED_OLDER);
			assertThat(publish(scene, update(A, 3, "live", 100), Order.NEWER).status())
				.isEqualTo(Status.IGNORED_DUPLICATE);
			assertThat(publish(scene, update(A, 4, "live", 99.9), Order.FORCED).status()).isEqualTo(Status.PUBLISHED);
			assertThat(scene.builder.build(A).get(A)).isEqualTo(4);
		}
	}

	/** I2: what is too old to be of use still stands in the way of what is older. */
	@Test
	void expiredValueIsComparedToo() {
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			publish(scene, update(A, 1, "live", 20), Order.NEWER);

			assertThat(publish(scene, update(A, 2, "live", 10), Order.NEWER).status()).isEqualTo(Status.IGNORED_OLDER);
		}
	}

	/** I4. */
	@Test
	void newestOfAPublicationCounts() {
		ResourceUpdate<Integer> newer = update(A, 2, "live", 100);
		ResourceUpdate<Integer> older = update(A, 1, "live", 99);
		for (List<ResourceUpdate<Integer>> bulk : List.of(List.of(newer, older), List.of(older, newer))) {
			try (Scene scene = new Scene(Scene.counting("rest"))) {
				List<PublishResult<?>> results = scene.builder.publisher().publish(bulk, Order.NEWER);

				assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
				assertThat(results).allSatisfy((result) -> assertThat(result.current().value()).isEqualTo(2));
				assertThat(results).extracting(PublishResult::status)
					.containsExactlyInAnyOrder(Status.PUBLISHED, Status.IGNORED_OLDER);
			}
		}
	}

	/** I7. */
	@Test
	void forgottenValuesComeFromTheSource() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(source)) {
			scene.builder.publisher()
				.publish(List.of(update(A, 7, "live", 100), update(B, 8, "live", 100)), Order.NEWER);

			assertThat(scene.builder.publisher().invalidate(List.of(A, B))).containsExactly(A, B);

			assertThat(scene.builder.build(A, B).values().values()).extracting(SnapshotValue::source)
				.containsOnly("rest");
			assertThat(source.calls).containsExactlyInAnyOrder(A, B);
		}
	}

	/** I8. */
	@Test
	void sessionKeepsItsRevision() {
		try (Scene scene = new Scene(Scene.counting("rest"));
				SnapshotSession session = scene.builder.session(SnapshotOptions.defaults())) {
			publish(scene, update(A, 1, "live", 99), Order.NEWER);
			session.resolve(A);
			publish(scene, update(A, 2, "live", 100), Order.NEWER);

			assertThat(session.resolve(A).get(A)).isOne();
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
		}
	}

	/** I9. */
	@Test
	void rankCountsBeforeAge() {
		try (Scene scene = new Scene((setup) -> setup.authority(RANKS).acceptFutureObservations(),
				Scene.counting("rest"))) {
			assertThat(publish(scene, update(A, 1, "rest", 200), Order.NEWER).status()).isEqualTo(Status.PUBLISHED);
			assertThat(publish(scene, update(A, 2, "local", 100), Order.NEWER).status()).isEqualTo(Status.PUBLISHED);
			assertThat(publish(scene, update(A, 3, "rest", 300), Order.NEWER).status())
				.isEqualTo(Status.IGNORED_LOWER_AUTHORITY);

			assertThat(scene.value(A).value()).isEqualTo(2);
			assertThat(scene.value(A).authority()).isEqualTo(300);
		}
	}

	/** I11. */
	@Test
	void whatIsIgnoredTellsWhatIsThere() {
		try (Scene scene = new Scene((setup) -> setup.authority(RANKS), Scene.counting("rest"))) {
			publish(scene, update(A, 1, "local", 90), Order.NEWER);

			PublishResult<?> result = publish(scene, update(A, 2, "stream", 100), Order.NEWER);

			assertThat(result.status()).isEqualTo(Status.IGNORED_LOWER_AUTHORITY);
			assertThat(result.current().value()).isEqualTo(1);
			assertThat(result.current().authority()).isEqualTo(300);
			assertThat(result.current().age()).isEqualTo(Duration.ofSeconds(10));
		}
	}

	/**
	 * I13, Z10: whatever the rank, a build delivers what is better when its call ends.
	 */
	@Test
	void valueThatIsPublishedDuringACallIsDelivered() throws Exception {
		for (AuthorityResolver ranks : List.of(RANKS, (AuthorityResolver) (key, source) -> 0)) {
			GatedSource source = GatedSource.of("rest", Scene.ONCE);
			try (Scene scene = new Scene((setup) -> setup.authority(ranks), source)) {
				CompletableFuture<Snapshot> building = scene.begin(A);
				source.awaitStarted(1);
				publish(scene, update(A, 77, "local", 100.5), Order.NEWER);
				source.answer(1);

				SnapshotValue<?> value = Scene.await(building).values().get(A);

				assertThat(value.value()).isEqualTo(77);
				assertThat(value.source()).isEqualTo("local");
				assertThat(value.isStale()).isFalse();
				assertThat(value.metadata()).containsEntry("superseded_source", "rest");
				assertThat(scene.value(A).revisionId()).isEqualTo(value.revisionId());
			}
		}
	}

	/** I14. */
	@Test
	void rankIsThatOfAKeyAndASource() {
		AuthorityResolver ranks = (key, source) -> key.equals(B) ? 5 : RANKS.rank(key, source);
		try (Scene scene = new Scene((setup) -> setup.authority(ranks), Scene.counting("rest"))) {
			assertThat(publish(scene, update(A, 1, "local", 100), Order.NEWER).current().authority()).isEqualTo(300);
			assertThat(publish(scene, update(B, 1, "local", 100), Order.NEWER).current().authority()).isEqualTo(5);
			assertThat(publish(scene, update(key("C"), 1, "nobody", 100), Order.NEWER).current().authority()).isZero();
		}
	}

	/** I16. */
	@Test
	void valueFromTheFutureSpoilsThePublication() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene((setup) -> setup.futureTolerance(Duration.ZERO), source)) {
			List<ResourceUpdate<Integer>> bulk = List.of(update(A, 7, "live", 100), update(B, 8, "live", 160));

			assertThatExceptionOfType(SourceProtocolException.class)
				.isThrownBy(() -> scene.builder.publisher().publish(bulk, Order.NEWER))
				.withMessageContaining("test:number:B");
			assertThat(scene.builder.build(A).get(A)).isOne();
		}
	}

	/** I18. */
	@Test
	void updateHasASource() {
		assertThatIllegalArgumentException().isThrownBy(() -> ResourceUpdate.of(A, 1, "  "))
			.withMessageContaining("blank");
	}

	/** I19. */
	@Test
	void publicationIsSeenWholeOrNotAtAll() throws Exception {
		int publications = 10_000;
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			ResourcePublisher publisher = scene.builder.publisher();
			publisher.publish(List.of(ResourceUpdate.of(A, 0, "live"), ResourceUpdate.of(B, 0, "live")), Order.NEWER);
			CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
				for (int number = 1; number <= publications; number++) {
					publisher.publish(
							List.of(ResourceUpdate.of(A, number, "live"), ResourceUpdate.of(B, number, "live")),
							Order.NEWER_OR_EQUAL);
				}
			});
			long reads = 0;
			boolean last = false;
			while (!last) {
				last = writing.isDone();
				Snapshot snapshot = scene.builder.build(A, B);
				assertThat(snapshot.get(A)).as("read " + reads).isEqualTo(snapshot.get(B));
				reads++;
			}

			writing.get();
			assertThat(scene.builder.build(A).get(A)).isEqualTo(publications);
		}
	}

	/** I21. */
	@Test
	void nothingIsPublishedToo() {
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			assertThat(scene.builder.publisher().publish(List.of(), Order.NEWER)).isEmpty();
		}
	}

	/** Z8: a source that has fallen silent does not hide others. */
	@Test
	void rankEndsWithFreshness() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene((setup) -> setup.authority(RANKS)
			.freshness(Freshness.of(Duration.ofSeconds(5), Duration.ofSeconds(60))), source)) {
			publish(scene, update(A, 77, "local", 100), Order.NEWER);
			scene.time.advance(Duration.ofSeconds(6));

			SnapshotValue<?> value = scene.value(A);

			assertThat(value.source()).isEqualTo("rest");
			assertThat(value.isStale()).isFalse();
			assertThat(value.authority()).isEqualTo(100);
			assertThat(scene.value(A).revisionId()).isEqualTo(value.revisionId());
		}
	}

	/**
	 * Z2: what was derived from an input stays with that input, whatever is published
	 * meanwhile.
	 */
	@Test
	void derivedValueIsOfTheInputsOfItsSnapshot() throws Exception {
		ResourceType<Integer> derived = ResourceType.of("test", "derived", Integer.class);
		GatedSource one = GatedSource.of("one", Scene.ONCE);
		GatedSource two = GatedSource.of("two", Scene.ONCE);
		DerivedSource<Integer> twice = Sources.named("twice", derived)
			.options(Scene.ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> {
				(inputs.get(A) == 1 ? one : two).pass(A);
				return inputs.get(A) * 2;
			});
		try (Scene scene = new Scene(Scene.counting("rest"), twice)) {
			publish(scene, update(A, 1, "live", 90), Order.NEWER);
			CompletableFuture<Snapshot> first = scene.begin(A, derived.key());
			one.awaitStarted(1);
			publish(scene, update(A, 2, "live", 100), Order.NEWER);
			CompletableFuture<Snapshot> second = scene.begin(A, derived.key());
			two.awaitStarted(1).answer(1);
			Scene.await(second);
			one.answer(1);

			for (CompletableFuture<Snapshot> building : List.of(first, second)) {
				Snapshot snapshot = Scene.await(building);
				assertThat(snapshot.get(derived.key())).isEqualTo(snapshot.get(A) * 2);
				assertThat(snapshot.values().get(derived.key()).inputs())
					.containsExactly(Map.entry(A, snapshot.values().get(A).revisionId()));
			}
			Snapshot last = scene.builder.build(A, derived.key());
			assertThat(last.get(derived.key())).isEqualTo(4);
		}
	}

}
