package io.strates.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;

/**
 * What reads cost in each tier, beside the limit of each, and what they send. No test: it
 * prints times, and ratios of times of one run.
 */
class TierReadsMeasurement {

	private static final int THREADS = 500;

	private static final int WARM_UP = 5;

	private static final int STAMPEDES = 20;

	private static final Servers SERVERS = Servers.find();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void localReadsBesideCaffeine(int threads) {
		Measured measured = Measured.run(LocalReads.class, threads, "tier-reads-local-" + threads, SERVERS.arguments());

		measured.print("L1, immutable, " + threads + " threads", "immutable", "caffeine", 1.5);
		measured.print("L1, coherent, " + threads + " threads", "coherent", "caffeine", Double.NaN);
		measured.print("L1, entity of one's own, " + threads + " threads", "entity", "caffeine", Double.NaN);
	}

	@Test
	void remoteReadsBesideRedisAndJdbc() {
		Measured measured = Measured.run(RemoteReads.class, 1, "tier-reads-remote", SERVERS.arguments());

		measured.print("L2 hit beside GET", "remoteHit", "redisGet", 1.2);
		measured.print("L2 hit of the store beside GET", "entityHit", "redisGet", 1.2);
		measured.print("getAll(100) beside MGET", "remoteHits", "redisMget", 1.4);
		measured.print("getAll(100) of the store beside MGET", "entityHits", "redisMget", 1.4);
		measured.print("L3 miss with fill beside SELECT", "miss", "jdbcSelect", 2.5);
		measured.print("L3 miss of the store beside SELECT", "entityMiss", "jdbcSelect", 2.5);
	}

	@Test
	void whatReadsSend() throws Exception {
		Map<String, Object> counted = new LinkedHashMap<>();
		try (HikariDataSource dataSource = SERVERS.dataSource();
				Node node = Node.startCounting(SERVERS, "counted-reads-" + System.nanoTime())) {
			ArticleTable table = new ArticleTable(dataSource);
			table.fill(1_000);
			CoherentCache<Long, Article> cache = node.articles("articles", CacheSettings.DEFAULT.withUseLocal(false));
			CoherentCache<Long, Article> remembering = node.articles("remembering", CacheSettings.DEFAULT);
			List<Long> ids = new ArrayList<>();
			for (long id = 0; id < 500; id++) {
				ids.add(id);
				cache.get(id, table::load);
			}
			await().until(() -> ids.stream().allMatch((id) -> cache.lookUp(id, table::load).origin() == Origin.L2));
			counted.put("L2 hit sends", summary(node.sentBy(() -> cache.get(1L, table::load))));
			counted.put("getAll(100) sends",
					summary(node.sentBy(() -> cache.getAll(ids.subList(0, 100), table::load))));
			counted.put("64 threads, a key each, send while Redis pauses", summary(node
				.sentBy(() -> whileRedisPauses(() -> together(64, (index) -> cache.get((long) index, table::load))))));
			counted.put("L3 miss with fill sends", summary(node.sentBy(() -> cache.get(999L, table::load))));
			// With its memory, for those who come when the load is over.
			remembering.get(999L, table::load);
			AtomicInteger statements = new AtomicInteger();
			counted.put("500 threads on one cold key send",
					summary(node.sentBy(() -> together(THREADS, (index) -> remembering.get(998L, (missing) -> {
						statements.incrementAndGet();
						return slow(table, missing);
					})))));
			counted.put("500 threads on one cold key: statements", statements.get());
		}
		Measured.report("tier-reads-counts", counted);
	}

	@Test
	void manyThreadsOfTwoNodesWantOneColdKey() {
		Map<String, Object> counted = new LinkedHashMap<>();
		String space = "cluster-" + System.nanoTime();
		try (HikariDataSource dataSource = SERVERS.dataSource();
				Node one = Node.startCounting(SERVERS, space);
				Node two = Node.startCounting(SERVERS, space)) {
			ArticleTable table = new ArticleTable(dataSource);
			table.fill(1_000);
			CacheSettings settings = CacheSettings.DEFAULT.withOneLoadPerCluster(true);
			List<CoherentCache<Long, Article>> caches = List.of(one.articles("articles", settings),
					two.articles("articles", settings));
			List<Stampede> stampedes = new ArrayList<>();
			List<Double> wakings = new ArrayList<>();
			for (int key = 0; key < WARM_UP + STAMPEDES; key++) {
				Stampede stampede = Stampede.of(caches, table, key);
				double waking = lastToWake(THREADS);
				if (key >= WARM_UP) {
					stampedes.add(stampede);
					wakings.add(waking);
				}
			}
			counted.put("250 threads on each of two nodes, one cold key, 20 times: most statements for a key",
					stampedes.stream().mapToInt(Stampede::statements).max().orElseThrow());
			List<Double> beyond = stampedes.stream().map(Stampede::beyondLoad).sorted().toList();
			counted.put("slowest reader beyond the load, median, ms (goal 10)", beyond.get(STAMPEDES / 2));
			counted.put("slowest reader beyond the load, worst, ms", beyond.get(STAMPEDES - 1));
			wakings.sort(null);
			counted.put("last of as many threads to wake at a latch, median, ms", wakings.get(STAMPEDES / 2));
			counted.put("last of as many threads to wake at a latch, worst, ms", wakings.get(STAMPEDES - 1));
		}
		Measured.report("tier-reads-cluster", counted);
	}

	/**
	 * What so many threads did that wanted one cold key.
	 *
	 * @param statements how many loads there were
	 * @param beyondLoad milliseconds that the slowest reader took beyond the load
	 */
	private record Stampede(int statements, double beyondLoad) {

		static Stampede of(List<CoherentCache<Long, Article>> caches, ArticleTable table, long key) {
			AtomicInteger statements = new AtomicInteger();
			AtomicLong load = new AtomicLong();
			AtomicLong slowest = new AtomicLong();
			together(THREADS, (index) -> {
				long start = System.nanoTime();
				caches.get(index % caches.size()).get(key, (missing) -> {
					statements.incrementAndGet();
					long begin = System.nanoTime();
					Map<Long, Article> found = slow(table, missing);
					load.set(System.nanoTime() - begin);
					return found;
				});
				slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
			});
			return new Stampede(statements.get(), (slowest.get() - load.get()) / 1e6);
		}

	}

	/** The limit: milliseconds that waking alone takes. */
	private static double lastToWake(int count) {
		CountDownLatch landing = new CountDownLatch(1);
		AtomicLong landed = new AtomicLong();
		AtomicLong last = new AtomicLong();
		together(count, (index) -> {
			if (index == 0) {
				pause();
				landed.set(System.nanoTime());
				landing.countDown();
			}
			landing.await();
			last.accumulateAndGet(System.nanoTime() - landed.get(), Math::max);
		});
		return last.get() / 1e6;
	}

	/** Without a pause, two processors begin one thread after another. */
	private static void whileRedisPauses(Runnable work) {
		RedisClient client = RedisClient.create(RedisURI.create(SERVERS.redisHost(), SERVERS.redisPort()));
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync().clientPause(300);
			work.run();
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	/** A load that takes 50 ms, so that all threads are there meanwhile. */
	private static Map<Long, Article> slow(ArticleTable table, Iterable<Long> ids) {
		pause();
		Long id = ids.iterator().next();
		return Map.of(id, table.select(id));
	}

	private static void pause() {
		await().pollDelay(Duration.ofMillis(50)).until(() -> true);
	}

	private static Map<String, Integer> summary(List<String> commands) {
		Map<String, Integer> counts = new LinkedHashMap<>();
		commands.forEach((command) -> counts.merge(command, 1, Integer::sum));
		return counts;
	}

	/** Lets so many threads begin at once, and waits for all. */
	private static void together(int count, Part work) {
		ExecutorService threads = Executors.newFixedThreadPool(count);
		CyclicBarrier start = new CyclicBarrier(count);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int index = 0; index < count; index++) {
				int number = index;
				all.add(threads.submit(() -> {
					start.await();
					work.run(number);
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get();
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** What one of many threads does. */
	@FunctionalInterface
	private interface Part {

		void run(int index) throws Exception;

	}

}
