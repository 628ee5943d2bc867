package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads, writes, removals and invalidations of few keys by many threads of two nodes,
 * with a second tier that comes and goes. Values are numbers that each key counts up in
 * its database.
 */
class CoherentStormTests {

	private static final int KEYS = 20;

	private static final int THREADS = 8;

	private static final int STEPS = 20_000;

	private final SharedMemory memory = new SharedMemory();

	/** The number of each key; a negative one is that of a removal. */
	private final Map<Integer, Long> database = new ConcurrentHashMap<>();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bothNodesAgreeWithTheDatabaseAndNoReaderSeesAValueGoBack(boolean outages) throws Exception {
		long seed = new Random().nextLong();
		List<SharedMemory.Node> nodes = List.of(this.memory.node(), this.memory.node());
		List<Tiers> tiers = nodes.stream().map((node) -> Tiers.builder("storm").coherent(node).build()).toList();
		List<CoherentCache<Integer, Long>> caches = tiers.stream()
			.map((each) -> each.coherent(CoherentCacheSpec.<Integer, Long>of("numbers", String::valueOf, new Numbers(),
					CacheSettings.DEFAULT.withLocalMaximum(KEYS / 2).withAbsentTimeToLive(Duration.ofMinutes(1)))))
			.toList();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		CyclicBarrier start = new CyclicBarrier(THREADS);
		List<Future<?>> work = new ArrayList<>();
		for (int thread = 0; thread < THREADS; thread++) {
			Random random = new Random(seed + thread);
			CoherentCache<Integer, Long> cache = caches.get(thread % 2);
			boolean outagesHere = outages && thread == 0;
			work.add(threads.submit(() -> {
				start.await();
				rage(cache, random, outagesHere, outages);
				return null;
			}));
		}
		for (Future<?> each : work) {
			each.get(60, TimeUnit.SECONDS);
		}
		this.memory.comeBack();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> caches.stream().allMatch((cache) -> cache.coherence().debts() == 0));

		for (int key = 0; key < KEYS; key++) {
			Long stored = this.database.getOrDefault(key, -1L);
			for (CoherentCache<Integer, Long> cache : caches) {
				assertThat(cache.get(key, this::load)).as("key %s, seed %s", key, seed)
					.isEqualTo((stored > 0) ? stored : null);
			}
		}
		threads.shutdownNow();
		tiers.forEach(Tiers::close);
	}

	private void rage(CoherentCache<Integer, Long> cache, Random random, boolean makesOutages, boolean outages) {
		Map<Integer, Long> seen = new HashMap<>();
		for (int step = 0; step < STEPS; step++) {
			int key = random.nextInt(KEYS);
			int choice = random.nextInt(100);
			if (makesOutages && step % 500 == 0) {
				this.memory.goAway();
			}
			else if (makesOutages && step % 500 == 100) {
				this.memory.comeBack();
			}
			if (choice < 80) {
				Long value = cache.get(key, this::load);
				// During an outage a node serves for moments what it had.
				if (value != null && !outages) {
					assertThat(value).as("key %s", key).isGreaterThanOrEqualTo(seen.getOrDefault(key, 0L));
				}
				seen.merge(key, (value != null) ? value : 0, Math::max);
			}
			else if (choice < 95) {
				seen.merge(key, write(cache, key, choice < 90), Math::max);
			}
			else if (choice < 98) {
				cache.invalidate(Set.of(key));
			}
			else {
				cache.invalidateAll();
			}
		}
	}

	private long write(CoherentCache<Integer, Long> cache, int key, boolean keeps) {
		long number;
		try (CacheWrite<Integer, Long> write = cache.write(Set.of(key), Set.of())) {
			write.awaitFences();
			number = Math.abs(this.database.compute(key, (ignored, old) -> {
				long next = ((old != null) ? Math.abs(old) : 0) + 1;
				return keeps ? next : -next;
			}));
			Map<Integer, Long> written = new HashMap<>();
			written.put(key, keeps ? number : null);
			write.committed(written);
		}
		return number;
	}

	private Map<Integer, Long> load(Set<Integer> keys) {
		Map<Integer, Long> found = new HashMap<>(this.database);
		found.keySet().retainAll(keys);
		found.values().removeIf((number) -> number < 0);
		Thread.yield();
		return found;
	}

}
