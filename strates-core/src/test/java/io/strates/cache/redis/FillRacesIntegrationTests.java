package io.strates.cache.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.BatchLoader;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Numbers;
import io.strates.cache.Tiers;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads of one node that fill the tiers while the other node writes, with a Redis that is
 * stopped and started meanwhile. There are as many races as the property
 * {@code strates.races} says.
 */
/*
 * Each race is one for certain: the loader of one node, having read the database, takes
 * some steps of a write of the other node, and goes on to fill with what it has read; the
 * rest of the write follows. What each node says of the key is checked when its turn
 * comes again: by then all messages have come.
 */
class FillRacesIntegrationTests {

	private static final int RACES = Integer.getInteger("strates.races", 10_000);

	private static final int OUTAGES = Math.max(2, RACES / 100_000);

	private static final int THREADS = 8;

	private static final int KEYS_PER_THREAD = 50;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * Who does not agree with the other that long after the end of an outage never will;
	 * the time it takes is in the report, and depends on the machine.
	 */
	private static final Duration AGREEMENT = Duration.ofSeconds(30);

	private final Map<Integer, Long> database = new ConcurrentHashMap<>();

	private final AtomicInteger done = new AtomicInteger();

	private final AtomicInteger stale = new AtomicInteger();

	/** Keys on which the nodes did not agree at once, but in time. */
	private final AtomicInteger late = new AtomicInteger();

	private final AtomicLong slowest = new AtomicLong();

	/** Without Redis, races take no time: there must not be too many of them. */
	private final Semaphore allowed = new Semaphore(0);

	private volatile boolean away;

	private volatile long backSince = System.nanoTime() - PATIENCE.toNanos();

	@Test
	void noFillThatRacesWithAWriteStays() throws Exception {
		long seed = new Random().nextLong();
		String space = "races:" + UUID.randomUUID();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		List<Double> agreements = new ArrayList<>();
		long start = System.nanoTime();
		try (DevRedis redis = DevRedis.start();
				RacingNode one = new RacingNode(redis, space);
				RacingNode two = new RacingNode(redis, space)) {
			one.awaitTrust();
			two.awaitTrust();
			List<Future<?>> work = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				int first = thread * KEYS_PER_THREAD;
				Random random = new Random(seed + thread);
				work.add(threads.submit(() -> {
					raceOnAndOn(first, random, one, two);
					return null;
				}));
			}
			for (int outage = 1; outage <= OUTAGES; outage++) {
				int until = (int) (RACES * (long) outage / (OUTAGES + 1));
				await().atMost(Duration.ofMinutes(30)).until(() -> this.done.get() >= until || failed(work));
				interrupt(redis);
				agreements.add(awaitAgreement(one, two));
			}
			for (Future<?> each : work) {
				each.get();
			}
			for (int key = 0; key < THREADS * KEYS_PER_THREAD; key++) {
				check(key, one);
				check(key, two);
			}
		}
		finally {
			threads.shutdownNow();
		}
		report(agreements, System.nanoTime() - start);

		assertThat(this.stale).as("keys that stay stale, seed %s", seed).hasValue(0);
		assertThat(this.done.get()).isGreaterThanOrEqualTo(RACES);
	}

	private static boolean failed(List<Future<?>> work) {
		return work.stream().anyMatch(Future::isDone);
	}

	private void interrupt(DevRedis redis) {
		this.away = true;
		redis.stop();
		this.allowed.release(RACES / OUTAGES / 5);
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> this.allowed.availablePermits() == 0);
		this.allowed.release(RACES / OUTAGES / 5);
		redis.restart();
	}

	/**
	 * Returns how many milliseconds after both nodes were back they had their first turn.
	 */
	private double awaitAgreement(RacingNode one, RacingNode two) {
		one.awaitTrust();
		two.awaitTrust();
		long start = System.nanoTime();
		this.backSince = start;
		this.away = false;
		long before = this.done.get();
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.done.get() > before + THREADS * KEYS_PER_THREAD || this.done.get() >= RACES);
		return (System.nanoTime() - start) / 1e6;
	}

	private void raceOnAndOn(int firstKey, Random random, RacingNode one, RacingNode two) throws InterruptedException {
		for (int turn = 0; this.done.getAndIncrement() < RACES; turn++) {
			int key = firstKey + turn % KEYS_PER_THREAD;
			while (this.away && !this.allowed.tryAcquire(5, TimeUnit.MILLISECONDS)) {
				Thread.onSpinWait();
			}
			if (!this.away) {
				check(key, one);
				check(key, two);
			}
			boolean swapped = random.nextBoolean();
			race(key, random, swapped ? two : one, swapped ? one : two);
		}
	}

	private void check(int key, RacingNode node) {
		Long expected = this.database.getOrDefault(key, 0L);
		if (expected.equals(node.cache.get(key, this::load))) {
			return;
		}
		long start = System.nanoTime();
		long until = Math.max(start, this.backSince) + AGREEMENT.toNanos();
		while (!expected.equals(node.cache.get(key, this::load))) {
			if (System.nanoTime() - until > 0 && !this.away) {
				this.stale.incrementAndGet();
				return;
			}
			Thread.onSpinWait();
			if (this.away) {
				return;
			}
		}
		this.late.incrementAndGet();
		this.slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
	}

	private void race(int key, Random random, RacingNode reader, RacingNode writer) {
		reader.cache.invalidate(Set.of(key));
		Writing writing = new Writing(key, random, writer);
		reader.cache.get(key, (keys) -> {
			Map<Integer, Long> read = load(keys);
			writing.take(random.nextInt(5));
			return read;
		});
		writing.take(4);
	}

	private Map<Integer, Long> load(Set<Integer> keys) {
		Map<Integer, Long> found = new ConcurrentHashMap<>();
		keys.forEach((key) -> found.put(key, this.database.getOrDefault(key, 0L)));
		return found;
	}

	private void report(List<Double> agreements, long nanos) throws IOException {
		String json = """
				{"races": %d, "outages": %d, "stale": %d, "late": %d, "slowestMillis": %.1f, "seconds": %.1f,
				"roundAfterOutageMillis": %s}
				""".formatted(RACES, OUTAGES, this.stale.get(), this.late.get(), this.slowest.get() / 1e6, nanos / 1e9,
				agreements);
		System.out.print(json);
		Files.writeString(Path.of("target", "fill-races.json"), json);
	}

	/** A write, a step at a time. */
	private final class Writing {

		private final int key;

		private final boolean keeps;

		private final RacingNode node;

		private CacheWrite<Integer, Long> write;

		private int step;

		Writing(int key, Random random, RacingNode node) {
			this.key = key;
			this.keeps = random.nextInt(3) > 0;
			this.node = node;
		}

		void take(int steps) {
			while (this.step < steps) {
				this.step++;
				takeStep();
			}
		}

		private void takeStep() {
			switch (this.step) {
				case 1 -> this.write = this.node.cache.write(Set.of(this.key), Set.of());
				case 2 -> this.write.awaitFences();
				case 3 -> FillRacesIntegrationTests.this.database.merge(this.key, 1L, Long::sum);
				default -> {
					this.write.committed(this.keeps
							? Map.of(this.key, FillRacesIntegrationTests.this.database.getOrDefault(this.key, 0L))
							: Collections.emptyMap());
					this.write.close();
				}
			}
		}

	}

	/** A node with a client of its own. */
	private static final class RacingNode implements AutoCloseable {

		final CoherentCache<Integer, Long> cache;

		private final RedisClient client;

		private final RedisCoherentTier tier;

		private final Tiers tiers;

		RacingNode(DevRedis redis, String space) {
			this.client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
			CircuitBreaker breaker = CircuitBreaker.of("l2",
					CircuitBreakerConfig.custom()
						.slidingWindowSize(10)
						.minimumNumberOfCalls(10)
						.waitDurationInOpenState(Duration.ofMillis(500))
						.build());
			this.tier = RedisCoherentTier.builder(this.client, space, breaker).timeout(Duration.ofSeconds(2)).build();
			this.tiers = Tiers.builder(space).coherent(this.tier).build();
			this.cache = this.tiers
				.coherent(CoherentCacheSpec.of("numbers", String::valueOf, new Numbers(), CacheSettings.DEFAULT));
		}

		void awaitTrust() {
			await().atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(5))
				.until(() -> this.tier.trusted() && this.tier.answering() && this.cache.coherence().debts() == 0);
		}

		@Override
		public void close() {
			this.tiers.close();
			this.client.shutdown(0, 1, TimeUnit.SECONDS);
		}

	}

}
