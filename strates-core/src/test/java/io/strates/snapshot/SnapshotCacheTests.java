package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.snapshot.ResourcePublisher.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class SnapshotCacheTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	private static Freshness policy(long ttl, long maxStale) {
		return Freshness.of(Duration.ofSeconds(ttl), Duration.ofSeconds(maxStale));
	}

	private static Scene.Counting down() {
		Scene.Counting source = Scene.counting("down");
		source.down = true;
		return source;
	}

	private static ResourceUpdate<Integer> update(ResourceKey<Integer> key, int value, double observed) {
		return ResourceUpdate.of(key, value, "live").observedAt(at(observed));
	}

	private static Instant at(double seconds) {
		return Instant.ofEpochMilli(Math.round(seconds * 1000));
	}

	private static PublishResult.Status publish(Scene scene, ResourceUpdate<Integer> update, Order order) {
		return scene.builder.publisher().publish(List.of(update), order).get(0).status();
	}

	/** B4. */
	@Test
	void valueIsFreshUpToItsTimeToLive() {
		try (Scene scene = new Scene((setup) -> setup.freshness(policy(5, 20)), down())) {
			publish(scene, update(A, 1, 95), Order.NEWER);

			SnapshotValue<?> value = scene.value(A);

			assertThat(value.isStale()).isFalse();
			assertThat(value.isFromCache()).isTrue();
			assertThat(value.age()).isEqualTo(Duration.ofSeconds(5));
		}
	}

	/** B6. */
	@Test
	void valueFromAClockThatIsAheadIsNew() {
		try (Scene scene = new Scene((setup) -> setup.freshness(policy(5, 20)), down())) {
			publish(scene, update(A, 1, 100.4), Order.NEWER);

			SnapshotValue<?> value = scene.value(A);

			assertThat(value.age()).isZero();
			assertThat(value.isStale()).isFalse();
			assertThat(value.metadata()).containsEntry("clock_skew_seconds", 0.4);
		}
	}

	/** B7: twenty ages with each policy. */
	@ParameterizedTest
	@CsvSource({ "0, 0", "0, 5", "1, 1", "1, 10", "5, 20" })
	void ageDecidesWhatIsOfUse(long ttl, long maxStale) {
		try (Scene scene = new Scene((setup) -> setup.freshness(policy(ttl, maxStale)), down())) {
			for (int step = 0; step < 20; step++) {
				double age = step * 0.75;
				ResourceKey<Integer> key = key("key-" + step);
				publish(scene, update(key, step, 100 - age), Order.NEWER);

				Snapshot snapshot = scene.lenient(key);

				assertThat(snapshot.find(key).isPresent()).as("age " + age).isEqualTo(age <= maxStale);
				assertThat(snapshot.staleKeys().isEmpty()).as("age " + age).isEqualTo(age <= ttl || age > maxStale);
			}
		}
	}

	/** B8. */
	@Test
	void cacheCountsWhatItIsAskedFor() {
		try (Scene scene = new Scene((setup) -> setup.freshness(policy(5, 20)).maximumEntries(2), down())) {
			publish(scene, update(A, 1, 100), Order.NEWER);
			publish(scene, update(B, 2, 100), Order.NEWER);
			scene.time.advance(Duration.ofSeconds(10));
			assertThat(scene.lenient(A, B).staleKeys()).containsExactly(A, B);
			scene.time.advance(Duration.ofSeconds(11));
			assertThat(scene.lenient(A).find(A)).isEmpty();
			publish(scene, update(C, 3, 121), Order.NEWER);

			assertThat(scene.builder.health().cache())
				.isEqualTo(new BuilderHealth.CacheState(2, 2L, 2, 1, 0, 2, 3, 0, 0, 1));
		}
	}

	/** B8: reads of fresh values count as others do. */
	@Test
	void freshReadsCount() {
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			scene.builder.build(A, B);
			scene.builder.build(A, B);

			assertThat(scene.builder.health().cache())
				.isEqualTo(new BuilderHealth.CacheState(2, 10_000L, 2, 2, 2, 0, 2, 0, 0, 0));
		}
	}

	/** B10: by namespace, type and subject. */
	@Test
	void valuesAreForgottenByWhatTheyHaveInCommon() {
		ResourceKey<Integer> other = ResourceType.of("other", "number", Integer.class).key("C");
		ResourceKey<Integer> subject = ResourceType.of("test", "count", Integer.class).key("A");
		try (Scene scene = new Scene(down())) {
			ResourcePublisher publisher = scene.builder.publisher();
			publisher.publish(List.of(update(A, 1, 100), update(other, 2, 100)), Order.NEWER);

			assertThat(publisher.invalidateNamespace("test")).containsExactly(A);
			assertThat(scene.builder.health().cache()).extracting(BuilderHealth.CacheState::invalidations)
				.isEqualTo(1L);
			assertThat(scene.builder.build(other).get(other)).isEqualTo(2);

			publisher.publish(List.of(update(A, 1, 100), update(B, 1, 100), update(subject, 1, 100)), Order.NEWER);
			assertThat(publisher.invalidateSubject("A")).containsExactlyInAnyOrder(A, subject);
			assertThat(publisher.invalidateType(NUMBER)).containsExactly(B);
			assertThat(publisher.invalidateType(NUMBER)).isEmpty();
		}
	}

	/** B10: and by their tags. */
	@Test
	void valuesAreForgottenByTheirTags() {
		SingleSource<Integer> source = Sources.named("rest", NUMBER)
			.options(Scene.AT_ONCE)
			.fetchingPayload((key, context) -> SourcePayload.of(1)
				.withMetadata(Map.of(SnapshotValue.TAGS, List.of("rest", key.subject()))));
		try (Scene scene = new Scene(source)) {
			scene.builder.build(A, B);
			scene.builder.publisher()
				.publish(ResourceUpdate.of(C, 1, "live").metadata(Map.of(SnapshotValue.TAGS, Set.of("A"))));

			assertThat(scene.builder.publisher().invalidateTagged("A")).containsExactlyInAnyOrder(A, C);
			assertThat(scene.builder.publisher().invalidateTagged("rest")).containsExactly(B);
			assertThat(scene.builder.publisher().invalidateTagged("none")).isEmpty();
		}
	}

	/** B11. */
	@Test
	void whatIsTooOldIsPruned() {
		try (Scene scene = new Scene((setup) -> setup.freshness(policy(1, 10)), down())) {
			publish(scene, update(A, 1, 97), Order.NEWER);
			publish(scene, update(B, 2, 70), Order.NEWER);

			assertThat(scene.builder.publisher().prune()).containsExactly(B);

			assertThat(scene.builder.health().cache()).extracting(BuilderHealth.CacheState::expirations).isEqualTo(1L);
			assertThat(scene.lenient(A).get(A)).isOne();
		}
	}

	/** B13. */
	@Test
	void olderAndEqualValuesAreIgnored() {
		try (Scene scene = new Scene((setup) -> setup.acceptFutureObservations(), down())) {
			publish(scene, update(A, 1, 200), Order.NEWER);

			assertThat(publish(scene, update(A, 2, 100), Order.NEWER)).isEqualTo(PublishResult.Status.IGNORED_OLDER);
			assertThat(publish(scene, update(A, 3, 200), Order.NEWER))
				.isEqualTo(PublishResult.Status.IGNORED_DUPLICATE);
			assertThat(scene.builder.health().cache()).extracting(BuilderHealth.CacheState::writes).isEqualTo(1L);
			assertThat(scene.builder.build(A).get(A)).isOne();
		}
	}

	/** B14. */
	@Test
	void forceReplacesWhateverIsThere() {
		try (Scene scene = new Scene((setup) -> setup.acceptFutureObservations(), down())) {
			publish(scene, update(A, 1, 200), Order.NEWER);

			assertThat(publish(scene, update(A, 2, 100), Order.FORCED)).isEqualTo(PublishResult.Status.PUBLISHED);
			assertThat(publish(scene, update(A, 3, 100), Order.NEWER_OR_EQUAL))
				.isEqualTo(PublishResult.Status.PUBLISHED);
			assertThat(scene.builder.build(A).get(A)).isEqualTo(3);
		}
	}

	/** B16. */
	@Test
	void laterOfTwoEqualUpdatesCounts() {
		try (Scene scene = new Scene(down())) {
			List<PublishResult<?>> results = scene.builder.publisher()
				.publish(List.of(update(A, 1, 100), update(A, 2, 100)), Order.NEWER);

			assertThat(results).extracting(PublishResult::status)
				.containsExactly(PublishResult.Status.IGNORED_DUPLICATE, PublishResult.Status.PUBLISHED);
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
		}
	}

	/** B18. */
	@Test
	void cacheHasRoomForOneValueAtLeast() {
		assertThatIllegalArgumentException().isThrownBy(() -> SnapshotBuilder.with(down()).maximumEntries(0))
			.withMessageContaining("maximumEntries is 0");
		try (Scene scene = new Scene((setup) -> setup.maximumEntries(Long.MAX_VALUE), Scene.counting("rest"))) {
			assertThat(scene.builder.build(A).get(A)).isOne();
			assertThat(scene.builder.health().cache()).extracting(BuilderHealth.CacheState::maxEntries).isNull();
		}
	}

	/** B19. */
	@Test
	void unboundedValueIsFreshForEver() {
		try (Scene scene = new Scene((setup) -> setup.freshness(Freshness.unbounded()), down())) {
			publish(scene, update(A, 1, 0), Order.NEWER);
			scene.time.advance(Duration.ofSeconds(1_000_000_000));

			assertThat(scene.builder.build(A).staleKeys()).isEmpty();
		}
	}

	@Test
	void valueOfTheBeginningOfTimeIsOld() {
		try (Scene scene = new Scene(down())) {
			scene.builder.publisher().publish(ResourceUpdate.of(A, 1, "live").observedAt(Instant.MIN));

			assertThat(scene.lenient(A).find(A)).isEmpty();
		}
	}

	@Test
	void resolverThatFailsHasValuesReadAnew() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene((setup) -> setup.freshness((FreshnessResolver) (key) -> {
			throw new IllegalStateException("no idea");
		}), source)) {
			assertThat(scene.builder.build(A).get(A)).isOne();
			scene.time.advance(Duration.ofNanos(1));
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
		}
	}

}
