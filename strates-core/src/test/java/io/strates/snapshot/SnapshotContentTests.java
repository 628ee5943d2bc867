package io.strates.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a snapshot holds, and that nobody changes it. */
@Timeout(60)
class SnapshotContentTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceType<String> TEXT = ResourceType.of("test", "text", String.class);

	private static final ResourceType<Date> DATE = ResourceType.of("test", "date", Date.class);

	private static final ResourceType<List<String>> NAMES = ResourceType.listOf("test", "names", String.class);

	private static Scene copying(Source<?>... sources) {
		return new Scene((setup) -> setup.copier(Date.class, (date) -> (Date) date.clone()), sources);
	}

	/** C4. */
	@Test
	void staleValueDoesNotAnswerWhereItMustNot() {
		Scene.Counting source = Scene.counting("rest");
		try (Scene scene = new Scene(
				(setup) -> setup
					.freshness(Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(60)).withoutStaleOnError()),
				source)) {
			scene.builder.build(A);
			scene.time.advance(Duration.ofSeconds(2));
			source.down = true;

			assertThat(scene.lenient(A).errors()).containsOnlyKeys(A);
			assertThat(Scene.failures(scene.lenient(A), A)).extracting(SourceFailure::errorType)
				.containsExactly("SourceUnavailableException");
		}
	}

	/** C18. */
	@Test
	void snapshotCannotBeChanged() {
		SingleSource<Integer> source = Sources.named("rest", A.type())
			.options(Scene.AT_ONCE)
			.fetchingPayload((key, context) -> new SourcePayload<>(1, null, Map.of("region", "north")));
		try (Scene scene = new Scene(source)) {
			for (int time = 0; time < 2; time++) {
				Snapshot snapshot = scene.lenient(A, TEXT.key());
				SnapshotValue<?> value = snapshot.values().get(A);

				assertThat(value.metadata()).containsEntry("region", "north");
				refuses(() -> snapshot.values().clear());
				refuses(() -> snapshot.errors().clear());
				refuses(() -> snapshot.staleKeys().add(A));
				refuses(() -> value.metadata().clear());
				refuses(() -> value.inputs().put(A, "other"));
				refuses(() -> snapshot.diagnostics().callsBySource().clear());
				refuses(() -> snapshot.diagnostics().warnings().add("other"));
			}
		}
	}

	private static void refuses(Runnable change) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change::run);
	}

	/** C19. */
	@Test
	void valueOfAnotherTypeIsNamed() {
		SingleSource<String> source = Sources.named("rest", TEXT)
			.supporting((key) -> key.subject().isEmpty())
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> "text");
		ResourceType<Integer> wrong = ResourceType.of("test", "text", Integer.class);
		try (Scene scene = new Scene(source)) {
			Snapshot snapshot = scene.lenient(TEXT.key(), TEXT.key("other"));

			assertThat(snapshot.find(TEXT.key())).contains("text");
			assertThat(snapshot.find(TEXT.key("other"))).isEmpty();
			assertThat(snapshot.find(A)).isEmpty();
			assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> snapshot.get(wrong.key()))
				.withMessageContaining("java.lang.String")
				.withMessageContaining("java.lang.Integer");
			assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> snapshot.find(wrong.key()));
		}
	}

	/** M1: with a copier. */
	@Test
	void sourceMayChangeWhatItGave() {
		Date own = new Date(1);
		SingleSource<Date> source = Sources.named("rest", DATE).options(Scene.AT_ONCE).fetching((key, context) -> own);
		try (Scene scene = copying(source)) {
			Snapshot first = scene.builder.build(DATE.key());
			own.setTime(2);

			assertThat(first.get(DATE.key())).hasTime(1);
			assertThat(scene.builder.build(DATE.key()).get(DATE.key())).hasTime(1);
		}
	}

	/** M1: collections are taken over. */
	@Test
	void sourceMayChangeTheListItGave() {
		List<String> own = new ArrayList<>(List.of("first"));
		SingleSource<List<String>> source = Sources.named("rest", NAMES)
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> own);
		try (Scene scene = new Scene(source)) {
			List<String> names = scene.builder.build(NAMES.key()).get(NAMES.key());
			own.add("second");

			assertThat(names).containsExactly("first");
			assertThat(scene.builder.build(NAMES.key()).get(NAMES.key())).containsExactly("first").isSameAs(names);
			refuses(() -> names.add("third"));
		}
	}

	/** M3: and so may each who reads a snapshot. */
	@Test
	void callersOfOneCallHaveTheirOwnValues() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AtomicInteger calls = new AtomicInteger();
		SingleSource<Date> source = Sources.named("rest", DATE).options(Scene.ONCE).fetching((key, context) -> {
			calls.incrementAndGet();
			called.countDown();
			go.await();
			return new Date(1);
		});
		try (Scene scene = copying(source)) {
			CompletableFuture<Snapshot> first = scene.begin(DATE.key());
			called.await();
			CompletableFuture<Snapshot> second = scene.begin(DATE.key());
			go.countDown();
			Snapshot one = Scene.await(first);
			Snapshot two = Scene.await(second);

			one.get(DATE.key()).setTime(2);
			((Date) one.values().get(DATE.key()).value()).setTime(3);

			assertThat(one.get(DATE.key())).hasTime(1);
			assertThat(two.get(DATE.key())).hasTime(1);
			assertThat((Date) two.values().get(DATE.key()).value()).hasTime(1);
			assertThat(calls).hasValue(1);
		}
	}

	/** M4. */
	@Test
	void publisherMayChangeWhatItPublished() {
		Date own = new Date(1);
		Date later = new Date(5);
		try (Scene scene = copying(Scene.counting("rest"))) {
			PublishResult<Date> result = scene.builder.publisher().publish(ResourceUpdate.of(DATE.key(), own, "live"));
			own.setTime(2);
			result.current().value().setTime(3);

			assertThat(scene.builder.build(DATE.key()).get(DATE.key())).hasTime(1);
			CompletableFuture<?> submitted = scene.builder.publisher()
				.publishAsync(List.of(ResourceUpdate.of(DATE.key(), later, "live")), ResourcePublisher.Order.FORCED);
			later.setTime(6);
			assertThat(submitted).succeedsWithin(Duration.ofSeconds(30));
			assertThat(scene.builder.build(DATE.key()).get(DATE.key())).hasTime(5);
		}
	}

	/** M6. */
	@Test
	void valueThatCannotBeCopiedIsAnError() {
		SingleSource<Date> source = Sources.named("rest", DATE)
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> new Date(1));
		try (Scene scene = new Scene(source)) {
			SourceFailure failure = Scene.failures(scene.lenient(DATE.key()), DATE.key()).get(0);

			assertThat(failure.errorType()).isEqualTo("ValueIsolationException");
			assertThat(failure.message()).contains("java.util.Date");
			assertThatExceptionOfType(ValueIsolationException.class).isThrownBy(
					() -> scene.builder.publisher().publish(ResourceUpdate.of(DATE.key(), new Date(1), "live")));
		}
		try (Scene declared = new Scene((setup) -> setup.immutable(Date.class), source)) {
			assertThat(declared.builder.build(DATE.key()).get(DATE.key())).hasTime(1);
		}
	}

	/** M6: nor does a copier that fails fail others. */
	@Test
	void copierThatFailsIsAnErrorOfItsValue() {
		SingleSource<Date> source = Sources.named("rest", DATE)
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> new Date(1));
		try (Scene scene = new Scene((setup) -> setup.copier(Date.class, (date) -> {
			throw new IllegalStateException("broken");
		}), source, Scene.counting("numbers"))) {
			Snapshot snapshot = scene.lenient(DATE.key(), A);

			assertThat(snapshot.get(A)).isOne();
			assertThat(Scene.failures(snapshot, DATE.key()).get(0).message()).contains("java.util.Date")
				.contains("broken");
		}
	}

}
