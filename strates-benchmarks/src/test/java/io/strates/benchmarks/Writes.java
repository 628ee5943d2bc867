package io.strates.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.ValueCodec;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.store.TieredStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Writes that the database, Redis and memory have when they return. */
public class Writes extends AbstractBenchmark {

	private static final int BATCH = 100;

	private final ValueCodec<Article> codec = JacksonCodecs.smile().codec(Article.class);

	private ServedNode node;

	private CoherentCache<Long, Article> cache;

	private TieredStore<ArticleRow, Long> store;

	private int number;

	/** Starts a node. */
	@Setup
	public void start() {
		this.node = new ServedNode("writes", VALUES);
		this.cache = this.node.cache("articles", CacheSettings.DEFAULT);
		this.store = this.node.store("entities", CacheSettings.DEFAULT);
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.node.close();
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
		this.node.table.upsert(article);
		this.node.redis.setex("raw:" + article.id(), 1_800, this.codec.encode(article));
	}

	/** A write through the tiers, its SQL being plain JDBC. */
	@Benchmark
	public void put() {
		Article article = next();
		try (CacheWrite<Long, Article> write = this.cache.write(List.of(article.id()), Set.of())) {
			this.node.table.upsert(article, write::awaitFences);
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
		this.node.table.upsertAll(nextBatch(), () -> {
		});
	}

	/** Many writes through the tiers, their SQL being the same batch. */
	@Benchmark
	public void putAll() {
		Map<Long, Article> articles = new HashMap<>();
		nextBatch().forEach((article) -> articles.put(article.id(), article));
		try (CacheWrite<Long, Article> write = this.cache.write(articles.keySet(), Set.of())) {
			this.node.table.upsertAll(articles.values(), write::awaitFences);
			write.committed(articles);
		}
	}

}
