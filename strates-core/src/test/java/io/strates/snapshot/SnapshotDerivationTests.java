package io.strates.snapshot;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SnapshotDerivationTests {

	private static final ResourceKey<Integer> RAW = key("RAW");

	private static final ResourceType<Integer> DERIVED = ResourceType.of("test", "derived", Integer.class);

	private static final ResourceType<Integer> CHAINED = ResourceType.of("test", "chained", Integer.class);

	private final AtomicInteger derivations = new AtomicInteger();

	private final AtomicInteger chains = new AtomicInteger();

	private final DerivedSource<Integer> doubling = Sources.named("doubling", DERIVED)
		.priority(10)
		.options(Scene.AT_ONCE)
		.deriving((key) -> Set.of(RAW), (key, inputs) -> {
			this.derivations.incrementAndGet();
			return inputs.get(RAW) * 2;
		});

	private final DerivedSource<Integer> chaining = Sources.named("chaining", CHAINED)
		.options(Scene.AT_ONCE)
		.deriving((key) -> Set.of(DERIVED.key()), (key, inputs) -> {
			this.chains.incrementAndGet();
			return inputs.get(DERIVED.key()) + 1;
		});

	/** F3. */
	@Test
	void directSourceAnswersWhereAnInputFails() {
		Scene.Counting raw = Scene.counting("raw");
		raw.down = true;
		SingleSource<Integer> fallback = Sources.named("fallback", DERIVED)
			.options(Scene.AT_ONCE)
			.fetching((key, context) -> 77);
		try (Scene scene = new Scene(raw, this.doubling, fallback)) {
			Snapshot snapshot = scene.builder.build(DERIVED.key());

			assertThat(snapshot.get(DERIVED.key())).isEqualTo(77);
			assertThat(snapshot.values().get(DERIVED.key()).source()).isEqualTo("fallback");
			assertThat(this.derivations).hasValue(0);
			assertThat(scene.engine().calls().circuits().health()).doesNotContainKey("doubling");
		}
	}

	/** What else a resource needs that is derived from itself is there for others. */
	@Test
	void inputBesideACycleCanBeAskedForLater() {
		DerivedSource<Integer> circle = Sources.named("circle", DERIVED)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(key, RAW), (key, inputs) -> 1);
		try (Scene scene = new Scene(Scene.counting("raw"), circle);
				SnapshotSession session = scene.builder.session(SnapshotOptions.defaults().lenient())) {
			assertThat(session.resolve(DERIVED.key()).errors()).containsOnlyKeys(DERIVED.key());

			assertThat(session.resolve(RAW).get(RAW)).isOne();
		}
	}

	/** F6. */
	@Test
	void derivedValueIsComputedOnce() {
		try (Scene scene = new Scene(Scene.counting("raw"), this.doubling)) {
			assertThat(scene.value(DERIVED.key()).isFromCache()).isFalse();
			assertThat(scene.value(DERIVED.key()).isFromCache()).isTrue();
			assertThat(this.derivations).hasValue(1);
		}
	}

	/** F9. */
	@Test
	void everythingIsComputedAnewWhenTheInputIsPublished() {
		Scene.Counting raw = Scene.counting("raw");
		try (Scene scene = new Scene(raw, this.doubling, this.chaining)) {
			assertThat(scene.builder.build(CHAINED.key()).get(CHAINED.key())).isEqualTo(3);
			scene.time.advance(Duration.ofSeconds(1));
			scene.builder.publisher().publish(ResourceUpdate.of(RAW, 7, "live"));

			assertThat(scene.builder.build(CHAINED.key()).get(CHAINED.key())).isEqualTo(15);
			assertThat(this.derivations).hasValue(2);
			assertThat(this.chains).hasValue(2);
			assertThat(raw.calls).hasSize(1);
			// And is kept.
			assertThat(scene.value(CHAINED.key()).isFromCache()).isTrue();
			assertThat(this.chains).hasValue(2);
		}
	}

	/** F13. */
	@Test
	@SuppressWarnings({ "unchecked", "rawtypes" })
	void dependencyThatIsNoKeyIsAgainstTheProtocol() {
		DerivedSource<Integer> odd = new DerivedSource<>() {
			@Override
			public String name() {
				return "odd";
			}

			@Override
			public ResourceType<Integer> type() {
				return DERIVED;
			}

			@Override
			public Set<ResourceKey<?>> dependencies(ResourceKey<Integer> key) {
				return (Set) Set.of("RAW");
			}

			@Override
			public SourcePayload<Integer> derive(ResourceKey<Integer> key, Snapshot inputs, FetchContext context) {
				return SourcePayload.of(1);
			}
		};
		try (Scene scene = new Scene(odd)) {
			SourceFailure failure = Scene.failures(scene.lenient(DERIVED.key()), DERIVED.key()).get(0);

			assertThat(failure.errorType()).isEqualTo("SourceProtocolException");
			assertThat(failure.attempts()).isOne();
			assertThat(failure.message()).contains("RAW, which is no key");
		}
	}

	/** F14. */
	@Test
	void derivedResourceMayHaveNoInputs() {
		AtomicReference<Snapshot> given = new AtomicReference<>();
		DerivedSource<Integer> alone = Sources.named("alone", DERIVED)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(), (key, inputs) -> {
				given.set(inputs);
				return 1;
			});
		try (Scene scene = new Scene(alone)) {
			assertThat(scene.builder.build(DERIVED.key()).get(DERIVED.key())).isOne();
			assertThat(given.get().values()).isEmpty();
			assertThat(given.get().errors()).isEmpty();
			assertThat(given.get().isComplete()).isTrue();
		}
	}

	/** F16. */
	@Test
	void inputIsNotSeenUnlessItIsAskedFor() {
		try (Scene scene = new Scene(Scene.counting("raw"), this.doubling)) {
			Snapshot snapshot = scene.builder.build(DERIVED.key());

			assertThat(snapshot.values()).containsOnlyKeys(DERIVED.key());
			assertThat(snapshot.diagnostics().requested()).isOne();
			assertThat(snapshot.find(RAW)).isEmpty();
		}
	}

	/** F3: what the inputs lack is told by name. */
	@Test
	void missingInputIsNamed() {
		Scene.Counting raw = Scene.counting("raw");
		raw.down = true;
		try (Scene scene = new Scene(raw, this.doubling)) {
			SourceFailure failure = Scene.failures(scene.lenient(DERIVED.key()), DERIVED.key()).get(0);

			assertThat(failure.errorType()).isEqualTo("DependencyFailedException");
			assertThat(failure.message()).contains(RAW.toString());
		}
	}

}
