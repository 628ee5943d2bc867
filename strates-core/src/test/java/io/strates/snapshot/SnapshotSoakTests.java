package io.strates.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.snapshot.ResourcePublisher.Order;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything at once, in an order that a seed decides; in the end nothing is left, and no
 * snapshot was of two minds.
 */
@Timeout(120)
class SnapshotSoakTests {

	private static final int STEPS = 4_000;

	private static final int SUBJECTS = 6;

	private static final ResourceType<Integer> TWICE = ResourceType.of("test", "twice", Integer.class);

	private static final ResourceType<Integer> SUM = ResourceType.of("test", "sum", Integer.class);

	/** Sources that answer, fail, or hang until somebody lets them go. */
	private static final class Moods {

		private final Random random;

		private final Semaphore hanging = new Semaphore(0);

		private final AtomicInteger running = new AtomicInteger();

		private final AtomicInteger number = new AtomicInteger();

		private volatile boolean calm;

		Moods(long seed) {
			this.random = new Random(seed);
		}

		int answer(boolean stubborn) throws Exception {
			this.running.incrementAndGet();
			try {
				return moody(stubborn);
			}
			finally {
				this.running.decrementAndGet();
			}
		}

		private int moody(boolean stubborn) throws Exception {
			int mood = this.calm ? 9 : this.random.nextInt(10);
			if (mood == 0) {
				throw new SourceUnavailableException("moody", null);
			}
			if (mood == 1) {
				throw new IllegalStateException("broken");
			}
			if (mood <= 3 && stubborn) {
				this.hanging.acquireUninterruptibly();
			}
			else if (mood <= 3) {
				this.hanging.acquire();
			}
			return this.number.incrementAndGet();
		}

		void letGo(int calls) {
			this.hanging.release(calls);
		}

		void calm() {
			this.calm = true;
			letGo(1_000_000);
		}

	}

	private static Source<?>[] sources(Moods moods) {
		SourceOptions options = SourceOptions.defaults()
			.timeout(Duration.ofMillis(40))
			.retry(RetryOptions.of(2, Duration.ofMillis(5)))
			.circuit(CircuitOptions.of(CircuitOptions.Scope.SUBJECT, 5, Duration.ofMillis(200)));
		return new Source<?>[] { Sources.named("batch", NUMBER)
			.priority(3)
			.options(options.maxConcurrency(2).maxBatchSize(3))
			.supporting((key) -> !key.subject().endsWith("0"))
			.fetchingAnswer((keys, context) -> {
				BatchAnswer<Integer> answer = new BatchAnswer<>();
				int value = moods.answer(false);
				keys.forEach((key) -> answer.add(key, SourcePayload.of(value)));
				return answer;
			}), Sources.named("stubborn", NUMBER)
				.priority(2)
				.options(options.maxConcurrency(2).hedged(true))
				.fetching((key, context) -> moods.answer(true)),
				Sources.named("single", NUMBER).options(options).fetching((key, context) -> moods.answer(false)),
				Sources.named("twice", TWICE)
					.options(options.nonBlocking())
					.deriving((key) -> Set.of(key(key.subject())), (key, inputs) -> inputs.get(key(key.subject())) * 2),
				Sources.named("sum", SUM)
					.options(options)
					.deriving((key) -> Set.of(TWICE.key(key.subject()), key("subject-0")),
							(key, inputs) -> inputs.get(TWICE.key(key.subject())) + inputs.get(key("subject-0"))) };
	}

	private static List<ResourceKey<?>> some(Random random) {
		List<ResourceKey<?>> keys = new ArrayList<>();
		for (int count = 1 + random.nextInt(5); count > 0; count--) {
			String subject = "subject-" + random.nextInt(SUBJECTS);
			keys.add(switch (random.nextInt(3)) {
				case 0 -> key(subject);
				case 1 -> TWICE.key(subject);
				default -> SUM.key(subject);
			});
		}
		return keys;
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void nothingIsLeftAndEachSnapshotIsConsistent(long seed) throws Exception {
		Moods moods = new Moods(seed);
		Random random = new Random(seed);
		ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
		AtomicInteger resolved = new AtomicInteger();
		List<CompletableFuture<Snapshot>> all = new ArrayList<>();
		Scene scene = new Scene((setup) -> setup.maxConcurrency(6)
			.maximumEntries(12)
			.freshness(Freshness.of(Duration.ofMillis(20), Duration.ofMillis(200)).staleWhileRevalidate())
			.refreshLimit(Duration.ofMillis(100)), sources(moods));
		for (int step = 0; step < STEPS; step++) {
			switch (random.nextInt(8)) {
				case 0, 1, 2 -> {
					SnapshotOptions options = SnapshotOptions.defaults().lenient();
					CompletableFuture<Snapshot> building = scene.builder.buildAsync(some(random),
							random.nextBoolean() ? options : options.within(Duration.ofMillis(1 + random.nextInt(60))));
					building.thenAccept((snapshot) -> {
						resolved.addAndGet(snapshot.values().size());
						check(snapshot, violations);
					});
					all.add(building);
				}
				case 3 -> publish(scene, random);
				case 4 -> scene.builder.publisher().invalidate(some(random));
				case 5 -> {
					if (!all.isEmpty()) {
						all.get(all.size() - 1 - random.nextInt(Math.min(5, all.size()))).cancel(false);
					}
				}
				case 6 -> moods.letGo(random.nextInt(3));
				default -> scene.time.advance(Duration.ofMillis(random.nextInt(30)));
			}
		}
		moods.calm();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			scene.time.advance(Duration.ofSeconds(1));
			return all.stream().allMatch(CompletableFuture::isDone) && scene.time.pending().isEmpty()
					&& scene.engine().plans() == 0;
		});

		scene.assertIdle();
		assertThat(violations).as("seed " + seed).isEmpty();
		assertThat(resolved).as("values").hasPositiveValue();
		assertThat(moods.running).hasValue(0);
		assertThat(scene.lenient(key("subject-0")).isComplete()).isTrue();
		scene.close();
		ExecutorService threads = (ExecutorService) scene.engine().calls().executor();
		assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).as("threads").isTrue();
	}

	private static void publish(Scene scene, Random random) {
		int value = random.nextInt();
		scene.builder.publisher()
			.publish(
					List.of(ResourceUpdate.of(key("subject-" + random.nextInt(SUBJECTS)), value, "live"),
							ResourceUpdate.of(key("subject-" + random.nextInt(SUBJECTS)), value, "live")),
					random.nextBoolean() ? Order.NEWER_OR_EQUAL : Order.FORCED);
	}

	/** What is derived was derived from what is there. */
	private static void check(Snapshot snapshot, ConcurrentLinkedQueue<String> violations) {
		Map<ResourceKey<?>, SnapshotValue<?>> values = snapshot.values();
		values.forEach((key, value) -> value.inputs().forEach((input, revision) -> {
			SnapshotValue<?> there = values.get(input);
			if (there != null && !there.revisionId().equals(revision)) {
				violations.add(key + " is of " + input + " " + revision + ", but " + there.revisionId() + " is there");
			}
		}));
		for (int number = 0; number < SUBJECTS; number++) {
			String subject = "subject-" + number;
			snapshot.find(key(subject))
				.ifPresent((single) -> snapshot.find(TWICE.key(subject))
					.filter((twice) -> twice != 2 * single)
					.ifPresent((twice) -> violations.add(twice + " is not twice " + single)));
		}
	}

}
