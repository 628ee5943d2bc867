package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A builder on a clock of its own, and sources that are known to tests.
 */
final class Scene implements AutoCloseable {

	static final ResourceType<Integer> NUMBER = ResourceType.of("test", "number", Integer.class);

	static final SourceOptions ONCE = SourceOptions.defaults().retry(RetryOptions.never());

	static final SourceOptions AT_ONCE = ONCE.nonBlocking();

	final ManualTime time = new ManualTime();

	final SnapshotBuilder builder;

	Scene(UnaryOperator<SnapshotSetup> setup, Source<?>... sources) {
		this.builder = setup
			.apply(SnapshotBuilder.with(List.of(sources))
				.clock(this.time, this.time::nanos)
				.alarms(this.time)
				.freshness(Freshness.of(Duration.ofSeconds(60), Duration.ofSeconds(60))))
			.create();
	}

	Scene(Source<?>... sources) {
		this(UnaryOperator.identity(), sources);
	}

	static ResourceKey<Integer> key(String subject) {
		return NUMBER.key(subject);
	}

	Engine engine() {
		return ((DefaultSnapshotBuilder) this.builder).engine();
	}

	/** Builds what can be built. */
	Snapshot lenient(ResourceKey<?>... keys) {
		return this.builder.build(List.of(keys), SnapshotOptions.defaults().lenient());
	}

	/** Begins to build. */
	CompletableFuture<Snapshot> begin(ResourceKey<?>... keys) {
		return this.builder.buildAsync(List.of(keys), SnapshotOptions.defaults().lenient());
	}

	/** Begins to build, with a deadline. */
	CompletableFuture<Snapshot> begin(Duration deadline, ResourceKey<?>... keys) {
		return this.builder.buildAsync(List.of(keys), SnapshotOptions.defaults().lenient().within(deadline));
	}

	static Snapshot await(CompletableFuture<Snapshot> building) throws Exception {
		return building.get(30, TimeUnit.SECONDS);
	}

	/** Returns why a resource is not there, source by source. */
	static List<SourceFailure> failures(Snapshot snapshot, ResourceKey<?> key) {
		assertThat(snapshot.error(key)).isInstanceOf(ResourceUnresolvedException.class);
		return ((ResourceUnresolvedException) Objects.requireNonNull(snapshot.error(key))).failures();
	}

	SnapshotValue<?> value(ResourceKey<?> key) {
		return Objects.requireNonNull(this.builder.build(key).values().get(key));
	}

	BuilderHealth.Circuit circuit(String name) {
		return Objects.requireNonNull(this.builder.health().circuits().get(name));
	}

	Capacity.Usage usage(String name) {
		return Objects.requireNonNull(this.engine().calls().capacity().usage().get(name));
	}

	/** Waits until nothing is left of what was done. */
	void assertIdle() {
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertThat(engine().calls().capacity().usage().values()).allMatch((usage) -> usage.inUse() == 0)
				.allMatch((usage) -> usage.waiting() == 0);
			assertThat(engine().flights().size()).as("flights").isZero();
			assertThat(engine().plans()).as("plans").isZero();
			assertThat(engine().refreshes().size()).as("refreshes").isZero();
			assertThat(this.time.pending()).as("alarms").isEmpty();
		});
	}

	/** A source whose answers are counted, from one for each key. */
	static Counting counting(String name) {
		return new Counting(name);
	}

	/** Answers with how often it was called for a key, and remembers all calls. */
	static final class Counting implements SingleSource<Integer> {

		private final String name;

		final ConcurrentLinkedQueue<ResourceKey<Integer>> calls = new ConcurrentLinkedQueue<>();

		private final Map<ResourceKey<Integer>, AtomicInteger> counts = new ConcurrentHashMap<>();

		volatile boolean down;

		Counting(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public ResourceType<Integer> type() {
			return NUMBER;
		}

		@Override
		public SourceOptions options() {
			return AT_ONCE;
		}

		@Override
		public SourcePayload<Integer> fetch(ResourceKey<Integer> key, FetchContext context) {
			this.calls.add(key);
			if (this.down) {
				throw new SourceUnavailableException(this.name + " is down", null);
			}
			return SourcePayload
				.of(this.counts.computeIfAbsent(key, (ignored) -> new AtomicInteger()).incrementAndGet());
		}

	}

	@Override
	public void close() {
		this.builder.close();
	}

}
