package io.strates.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.ValueCodec;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.store.TieredStore;
import io.strates.store.WriteMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Writes that the database, Redis and memory have when they return. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class Writes {

	static final int VALUES = 1024;

	private static final int BATCH = 100;

	private final ValueCodec<Article> codec = JacksonCodecs.smile().codec(Article.class);

	private HikariDataSource dataSource;

	private ArticleTable table;

	private RedisClient client;

	private RedisCommands<String, byte[]> redis;

	private Node node;

	private CoherentCache<Long, Article> cache;

	private StoreNode stores;

	private TieredStore<ArticleRow, Long> store;

	private int number;

	/** Starts a node. */
	@Setup
	public void start() {
		Servers servers = Servers.find();
		this.dataSource = servers.dataSource();
		this.table = new ArticleTable(this.dataSource);
		this.table.fill(VALUES);
		this.client = RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
		this.redis = this.client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)).sync();
		this.node = Node.start(servers, "writes-" + System.nanoTime());
		this.cache = this.node.articles("articles", CacheSettings.DEFAULT);
		this.stores = new StoreNode(servers, "writes", this.node, this.dataSource);
		this.store = this.stores.articles("entities", CacheSettings.DEFAULT, WriteMode.WRITE_THROUGH);
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.stores.close();
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.dataSource.close();
	}

	private Article next() {
		this.number++;
		return Article.of(this.number & (VALUES - 1), this.number);
	}

	private List<Article> nextBatch() {
		List<Article> articles = new ArrayList<>(BATCH);
		for (int index = 0; index < BATCH; index++) {
			articles.add(next());
		}
		return articles;
	}

	/** The limit of a put: what everybody would write, coherent or not. */
	@Benchmark
	public void upsertAndSetex() {
		Article article = next();
		this.table.upsert(article);
		this.redis.setex("raw:" + article.id(), 1_800, this.codec.encode(article));
	}

	/** A write through the tiers, its SQL being plain JDBC. */
	@Benchmark
	public void put() {
		Article article = next();
		try (CacheWrite<Long, Article> write = this.cache.write(List.of(article.id()), Set.of())) {
			this.table.upsert(article, write::awaitFences);
			write.committed(Map.of(article.id(), article));
		}
	}

	/** A put of the store. */
	@Benchmark
	public void entityPut() {
		this.store.put(new ArticleRow(next()));
	}

	/** Many puts of the store. */
	@Benchmark
	public void entityPutAll() {
		this.store.putAll(nextBatch().stream().map(ArticleRow::new).toList());
	}

	/** The limit of many puts: no cache at all. */
	@Benchmark
	public void jdbcBatch() {
		this.table.upsertAll(nextBatch(), () -> {
		});
	}

	/** Many writes through the tiers, their SQL being the same batch. */
	@Benchmark
	public void putAll() {
		Map<Long, Article> articles = new HashMap<>();
		nextBatch().forEach((article) -> articles.put(article.id(), article));
		try (CacheWrite<Long, Article> write = this.cache.write(articles.keySet(), Set.of())) {
			this.table.upsertAll(articles.values(), write::awaitFences);
			write.committed(articles);
		}
	}

}
