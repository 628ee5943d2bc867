package io.strates.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

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

	private static final Servers SERVERS = Servers.find();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void localReadsBesideCaffeine(int threads) {
		Measured measured = Measured.run(LocalReads.class, threads, SERVERS, "tier-reads-local-" + threads);

		measured.print("L1, immutable, " + threads + " threads", "immutable", "caffeine", 1.5);
		measured.print("L1, coherent, " + threads + " threads", "coherent", "caffeine", Double.NaN);
		measured.print("L1, entity of one's own, " + threads + " threads", "entity", "caffeine", Double.NaN);
	}

	@Test
	void remoteReadsBesideRedisAndJdbc() {
		Measured measured = Measured.run(RemoteReads.class, 1, SERVERS, "tier-reads-remote");

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
			AtomicInteger statements = new AtomicInteger();
			counted.put("500 threads on one cold key send",
					summary(node.sentBy(() -> together(500, (index) -> cache.get(998L, (missing) -> {
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
			List<Double> later = new ArrayList<>();
			int most = 0;
			for (long key = 0; key < 20; key++) {
				long wanted = key;
				AtomicInteger statements = new AtomicInteger();
				AtomicLong load = new AtomicLong();
				AtomicLong slowest = new AtomicLong();
				together(500, (index) -> {
					long start = System.nanoTime();
					caches.get(index % 2).get(wanted, (missing) -> {
						statements.incrementAndGet();
						long begin = System.nanoTime();
						Map<Long, Article> found = slow(table, missing);
						load.set(System.nanoTime() - begin);
						return found;
					});
					slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
				});
				most = Math.max(most, statements.get());
				later.add((slowest.get() - load.get()) / 1e6);
			}
			counted.put("250 threads on each of two nodes, one cold key, 20 times: most statements for a key", most);
			later.sort(null);
			counted.put("slowest reader beyond the load, median of 20, ms", later.get(later.size() / 2));
			counted.put("slowest reader beyond the load, worst of 20, ms", later.get(later.size() - 1));
		}
		Measured.report("tier-reads-cluster", counted);
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
		await().pollDelay(Duration.ofMillis(50)).until(() -> true);
		Long id = ids.iterator().next();
		return Map.of(id, table.select(id));
	}

	private static Map<String, Integer> summary(List<String> commands) {
		Map<String, Integer> counts = new LinkedHashMap<>();
		commands.forEach((command) -> counts.merge(command, 1, Integer::sum));
		return counts;
	}

	/** Lets so many threads begin at once, and waits for all. */
	static void together(int count, IntConsumer work) {
		ExecutorService threads = Executors.newFixedThreadPool(count);
		CyclicBarrier start = new CyclicBarrier(count);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int index = 0; index < count; index++) {
				int number = index;
				all.add(threads.submit(() -> {
					start.await();
					work.accept(number);
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

}
