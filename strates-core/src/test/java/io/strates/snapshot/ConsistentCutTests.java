package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.snapshot.ResourcePublisher.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Z24. */
@Timeout(60)
class ConsistentCutTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> SLOW = key("SLOW");

	private static final ResourceType<Integer> SUM = ResourceType.of("test", "sum", Integer.class);

	private static final SnapshotOptions CUT = SnapshotOptions.defaults().lenient().consistentCut();

	private final GatedSource source = GatedSource.of("gate", Scene.ONCE);

	private static void publish(Scene scene, int value, List<ResourceKey<Integer>> keys) {
		scene.builder.publisher()
			.publish(keys.stream().map((key) -> ResourceUpdate.of(key, value, "live")).toList(), Order.FORCED);
	}

	private CompletableFuture<Snapshot> begin(Scene scene, SnapshotOptions options, List<ResourceKey<?>> keys)
			throws Exception {
		CompletableFuture<Snapshot> building = scene.builder.buildAsync(keys, options);
		this.source.awaitStarted(1);
		return building;
	}

	@Test
	void valuesThatWereReplacedMeanwhileAreTakenAgain() throws Exception {
		try (Scene scene = new Scene(this.source)) {
			publish(scene, 10, List.of(A, B));
			CompletableFuture<Snapshot> cut = begin(scene, CUT, List.of(A, B, SLOW));
			CompletableFuture<Snapshot> other = scene.builder.buildAsync(List.of(A, B, SLOW),
					SnapshotOptions.defaults());
			publish(scene, 20, List.of(A, B));
			this.source.answer(1);

			Snapshot snapshot = Scene.await(cut);

			assertThat(snapshot.get(A)).isEqualTo(20);
			assertThat(snapshot.get(B)).isEqualTo(20);
			assertThat(snapshot.get(SLOW)).isOne();
			assertThat(Scene.await(other).get(A)).isEqualTo(10);
			assertThat(this.source.calls).containsExactly(SLOW);
			scene.assertIdle();
		}
	}

	/** What was published with what the source is asked for comes with it. */
	@Test
	void valueThatASourceIsAskedForIsOfTheSameEpoch() throws Exception {
		try (Scene scene = new Scene(this.source)) {
			publish(scene, 10, List.of(A));
			CompletableFuture<Snapshot> cut = begin(scene, CUT, List.of(A, B));
			scene.time.advance(Duration.ofSeconds(1));
			publish(scene, 20, List.of(A, B));
			this.source.answer(1);

			Snapshot snapshot = Scene.await(cut);

			assertThat(snapshot.get(A)).isEqualTo(20);
			assertThat(snapshot.values().get(B).revisionId()).isEqualTo(scene.value(B).revisionId());
		}
	}

	@Test
	void valueThatWasForgottenMeanwhileIsReadAnew() throws Exception {
		try (Scene scene = new Scene(this.source)) {
			publish(scene, 10, List.of(A));
			CompletableFuture<Snapshot> cut = begin(scene, CUT, List.of(A, SLOW));
			scene.builder.publisher().invalidate(List.of(A));
			this.source.answer(2);

			assertThat(Scene.await(cut).get(A)).isEqualTo(2);
			assertThat(this.source.calls).containsExactly(SLOW, A);
		}
	}

	@Test
	void derivedValueIsOfTheSameEpochAsItsInputs() throws Exception {
		AtomicInteger derivations = new AtomicInteger();
		DerivedSource<Integer> sum = Sources.named("sum", SUM)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A, B), (key, inputs) -> {
				derivations.incrementAndGet();
				return inputs.get(A) + inputs.get(B);
			});
		try (Scene scene = new Scene(this.source, sum)) {
			publish(scene, 10, List.of(A, B));
			CompletableFuture<Snapshot> cut = begin(scene, CUT, List.of(SUM.key(), A, SLOW));
			publish(scene, 20, List.of(A, B));
			this.source.answer(1);

			Snapshot snapshot = Scene.await(cut);

			assertThat(snapshot.get(SUM.key())).isEqualTo(40);
			assertThat(snapshot.get(A)).isEqualTo(20);
			assertThat(snapshot.values().get(SUM.key()).inputs())
				.contains(Map.entry(A, snapshot.values().get(A).revisionId()));
			assertThat(derivations).hasValue(2);
		}
	}

	@Test
	void whatIsReadAnewHasNoMoreTimeThanTheRest() throws Exception {
		try (Scene scene = new Scene(this.source)) {
			publish(scene, 10, List.of(A, B));
			CompletableFuture<Snapshot> cut = begin(scene, CUT.within(Duration.ofSeconds(5)), List.of(A, B, SLOW));
			scene.builder.publisher().invalidate(List.of(A));
			this.source.answer(1);
			this.source.awaitStarted(1);
			scene.time.advance(Duration.ofSeconds(5));

			Snapshot snapshot = Scene.await(cut);

			assertThat(Scene.failures(snapshot, A).get(0).errorType()).isEqualTo("SnapshotDeadlineException");
			assertThat(snapshot.get(B)).isEqualTo(10);
			this.source.answer(1);
		}
	}

	@Test
	void whoGivesUpDoesNotWaitForWhatIsReadAnew() throws Exception {
		try (Scene scene = new Scene(this.source)) {
			publish(scene, 10, List.of(A));
			CompletableFuture<Snapshot> cut = begin(scene, CUT, List.of(A, SLOW));
			scene.builder.publisher().invalidate(List.of(A));
			this.source.answer(1);
			this.source.awaitStarted(1);
			cut.cancel(false);
			this.source.answer(1);

			scene.assertIdle();
		}
	}

	/**
	 * What is replaced whenever it is read is an error, and no snapshot of two epochs.
	 */
	@Test
	void valueThatNeverRestsIsAnError() {
		Scene[] scene = new Scene[1];
		DerivedSource<Integer> disturbing = Sources.named("disturbing", SUM)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> {
				publish(scene[0], inputs.get(A) + 1, List.of(A));
				return inputs.get(A);
			});
		scene[0] = new Scene(this.source, disturbing);
		try (Scene open = scene[0]) {
			publish(open, 1, List.of(A));

			Snapshot snapshot = open.builder.build(List.of(SUM.key(), A), CUT);

			assertThat(Scene.failures(snapshot, A).get(0).errorType()).isEqualTo("InconsistentCut");
			open.assertIdle();
		}
	}

	@Test
	void sessionIsNoCut() {
		try (Scene scene = new Scene(this.source)) {
			assertThatIllegalArgumentException().isThrownBy(() -> scene.builder.session(CUT))
				.withMessageContaining("no consistent cut");
			assertThat(CUT).isNotEqualTo(SnapshotOptions.defaults().lenient())
				.isEqualTo(SnapshotOptions.defaults().consistentCut().lenient())
				.hasSameHashCodeAs(SnapshotOptions.defaults().consistentCut().lenient());
		}
	}

}
