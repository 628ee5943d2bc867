package io.strates.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.store.TieredStore;
import io.strates.store.WriteMode;
import org.junit.jupiter.api.Test;

/**
 * What writes cost, beside the limit of each, what they send, and when another node sees
 * them. No test: it prints times, and ratios of times of one run.
 */
class TierWritesMeasurement {

	private static final int WRITES = 3_000;

	private static final int WARM_UP = 1_000;

	private static final Servers SERVERS = Servers.find();

	@Test
	void writesBesideJdbcAndRedis() {
		Measured measured = Measured.run(Writes.class, 1, "tier-writes", SERVERS.arguments());

		measured.print("put beside JDBC upsert + SETEX", "put", "upsertAndSetex", 1.3);
		measured.print("put of the store beside JDBC upsert + SETEX", "entityPut", "upsertAndSetex", 1.3);
		measured.print("putAll(100) beside JDBC batch", "putAll", "jdbcBatch", 2);
		measured.print("putAll(100) of the store beside JDBC batch", "entityPutAll", "jdbcBatch", 2);
	}

	@Test
	void whatWritesSend() {
		Map<String, Object> counted = new LinkedHashMap<>();
		try (HikariDataSource dataSource = SERVERS.dataSource();
				Node node = Node.startCounting(SERVERS, "counted-writes-" + System.nanoTime())) {
			ArticleTable table = new ArticleTable(dataSource);
			table.fill(1_000);
			CoherentCache<Long, Article> cache = node.articles("articles", CacheSettings.DEFAULT);
			write(cache, table, Article.of(1, 1));
			counted.put("put sends, the first awaited, the second not",
					node.sentBy(() -> write(cache, table, Article.of(1, 2))));
			Map<Long, Article> many = new LinkedHashMap<>();
			for (long id = 0; id < 100; id++) {
				many.put(id, Article.of(id, 3));
			}
			counted.put("putAll(100) sends, the first awaited, the second not", node.sentBy(() -> {
				try (CacheWrite<Long, Article> write = cache.write(many.keySet(), Set.of())) {
					table.upsertAll(many.values(), write::awaitFences);
					write.committed(many);
				}
			}));
		}
		Measured.report("tier-writes-counts", counted);
	}

	@Test
	void writeBehindBesideUnnest() {
		Map<String, Object> counted = new LinkedHashMap<>();
		String space = "behind-" + System.nanoTime();
		try (HikariDataSource dataSource = SERVERS.dataSource(); Node node = Node.start(SERVERS, space)) {
			ArticleTable table = new ArticleTable(dataSource);
			table.fill(1);
			try (StoreNode stores = new StoreNode(SERVERS, space, node, dataSource)) {
				TieredStore<ArticleRow, Long> store = stores.articles("behind", CacheSettings.DEFAULT,
						WriteMode.WRITE_BEHIND);
				double best = Double.MAX_VALUE;
				for (int round = 1; round <= 5; round++) {
					List<Article> articles = articles(round);
					long start = System.nanoTime();
					table.upsertUnnest(articles, 1_000);
					best = Math.min(best, (System.nanoTime() - start) / 1e6);
				}
				counted.put("unnest upsert of 10,000 rows, best of 5, ms", best);
				for (int round = 6; round <= 10; round++) {
					List<ArticleRow> rows = articles(round).stream().map(ArticleRow::new).toList();
					stores.statements.set(0);
					long start = System.nanoTime();
					store.putAll(rows);
					long acknowledged = System.nanoTime();
					store.flush();
					long flushed = System.nanoTime();
					counted.put("round " + (round - 5) + " of write-behind",
							Map.of("acknowledged after ms", (acknowledged - start) / 1e6, "in the database after ms",
									(flushed - start) / 1e6, "flush after acknowledgement ms",
									(flushed - acknowledged) / 1e6, "statements of Hibernate", stores.statements.get(),
									"stock", table.select(9_999).stock()));
				}
			}
		}
		Measured.report("tier-writes-behind", counted);
	}

	private static List<Article> articles(int stock) {
		return LongStream.range(0, 10_000).mapToObj((id) -> Article.of(id, stock)).toList();
	}

	@Test
	void whenAnotherNodeSeesAWrite() throws InterruptedException {
		Map<String, Object> counted = new LinkedHashMap<>();
		double[] published = publish();
		double[] seen = writeAndSee();
		counted.put("pub/sub delay, median, µs", quantile(published, 0.5));
		counted.put("pub/sub delay, p99, µs", quantile(published, 0.99));
		counted.put("write seen by the other node, median, µs", quantile(seen, 0.5));
		counted.put("write seen by the other node, p99, µs", quantile(seen, 0.99));
		counted.put("p99 beside p99 (goal 3)", quantile(seen, 0.99) / quantile(published, 0.99));
		Measured.report("tier-writes-seen", counted);
	}

	/** Publishes and hears messages as plain Lettuce does. */
	private static double[] publish() {
		RedisClient client = RedisClient.create(RedisURI.create(SERVERS.redisHost(), SERVERS.redisPort()));
		try (StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub();
				StatefulRedisPubSubConnection<String, String> publisher = client.connectPubSub()) {
			AtomicInteger heard = new AtomicInteger(-1);
			AtomicLong heardAt = new AtomicLong();
			subscriber.addListener(new RedisPubSubAdapter<>() {
				@Override
				public void message(String channel, String message) {
					heardAt.set(System.nanoTime());
					heard.set(Integer.parseInt(message));
				}
			});
			subscriber.sync().subscribe("raw");
			double[] delays = new double[WRITES];
			for (int number = 0; number < WRITES + WARM_UP; number++) {
				long start = System.nanoTime();
				publisher.sync().publish("raw", Integer.toString(number));
				while (heard.get() < number) {
					Thread.onSpinWait();
				}
				if (number >= WARM_UP) {
					delays[number - WARM_UP] = (heardAt.get() - start) / 1e3;
				}
			}
			return delays;
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	/**
	 * The other node reads on and on; the time is from the commit to the first new
	 * answer.
	 */
	private static double[] writeAndSee() throws InterruptedException {
		String space = "seen-" + System.nanoTime();
		try (HikariDataSource dataSource = SERVERS.dataSource();
				Node one = Node.start(SERVERS, space);
				Node two = Node.start(SERVERS, space)) {
			ArticleTable table = new ArticleTable(dataSource);
			table.fill(10);
			CoherentCache<Long, Article> writer = one.articles("articles", CacheSettings.DEFAULT);
			CoherentCache<Long, Article> reader = two.articles("articles", CacheSettings.DEFAULT);
			AtomicInteger seen = new AtomicInteger();
			AtomicLong seenAt = new AtomicLong();
			Thread reading = new Thread(() -> {
				while (!Thread.currentThread().isInterrupted()) {
					Article article = reader.get(1L, table::load);
					if (article != null && article.stock() > seen.get()) {
						seenAt.set(System.nanoTime());
						seen.set(article.stock());
					}
					LockSupport.parkNanos(10_000);
				}
			});
			reading.setDaemon(true);
			reading.start();
			double[] delays = new double[WRITES];
			for (int number = 1; number <= WRITES + WARM_UP; number++) {
				long committed = write(writer, table, Article.of(1, number));
				while (seen.get() < number) {
					Thread.onSpinWait();
				}
				if (number > WARM_UP) {
					delays[number - WARM_UP - 1] = Math.max(0, seenAt.get() - committed) / 1e3;
				}
			}
			reading.interrupt();
			reading.join(1_000);
			return delays;
		}
	}

	/** Returns when the write was committed. */
	private static long write(CoherentCache<Long, Article> cache, ArticleTable table, Article article) {
		try (CacheWrite<Long, Article> write = cache.write(List.of(article.id()), Set.of())) {
			table.upsert(article, write::awaitFences);
			long committed = System.nanoTime();
			write.committed(Map.of(article.id(), article));
			return committed;
		}
	}

	private static double quantile(double[] values, double part) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[(int) (part * (sorted.length - 1))];
	}

}
