package io.strates.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariDataSource;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.ImmutableCache;
import io.strates.cache.ImmutableCacheSpec;
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

/** Hits of L1 on a node that hears the others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class LocalReads {

	private static final int VALUES = 1024;

	private final Long[] ids = new Long[VALUES];

	private Node node;

	private Cache<Long, Article> caffeine;

	private ImmutableCache<Long, Article> immutable;

	private CoherentCache<Long, Article> coherent;

	private HikariDataSource dataSource;

	private StoreNode stores;

	private TieredStore<ArticleRow, Long> store;

	/** Starts a node and reads each value once. */
	@Setup
	public void start() {
		Servers servers = Servers.find();
		this.dataSource = servers.dataSource();
		new ArticleTable(this.dataSource).fill(3 * VALUES);
		this.node = Node.start(servers, "local-reads");
		this.stores = new StoreNode(servers, "local-reads", this.node, this.dataSource);
		this.store = this.stores.articles("entities", CacheSettings.DEFAULT, WriteMode.WRITE_THROUGH);
		this.caffeine = Caffeine.newBuilder().maximumSize(10_000).recordStats().build();
		this.immutable = this.node.tiers.immutable(new ImmutableCacheSpec<>("immutable", Article.class, (id) -> "one",
				String::valueOf, 10_000, Duration.ofHours(1), Duration.ofSeconds(30)));
		this.coherent = this.node.articles("coherent", CacheSettings.DEFAULT);
		for (int index = 0; index < VALUES; index++) {
			Long id = 1_000L + index;
			Article article = Article.of(id, 0);
			this.ids[index] = id;
			this.caffeine.put(id, article);
			this.immutable.get(id, (missing) -> Map.of(id, article));
			this.coherent.get(id, (missing) -> Map.of(id, article));
			this.store.get(id);
		}
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.stores.close();
		this.node.close();
		this.dataSource.close();
	}

	/** The limit. */
	@Benchmark
	public Object caffeine(Position position) {
		return this.caffeine.getIfPresent(this.ids[position.next()]);
	}

	/** A value that never changes under its key. */
	@Benchmark
	public Object immutable(Position position) {
		return this.immutable.get(this.ids[position.next()], (missing) -> Map.of());
	}

	/** A value that may change. */
	@Benchmark
	public Object coherent(Position position) {
		return this.coherent.get(this.ids[position.next()], (missing) -> Map.of());
	}

	/** An entity of the reader's own. */
	@Benchmark
	public Object entity(Position position) {
		return this.store.get(this.ids[position.next()]);
	}

	/** Where a thread reads. */
	@State(Scope.Thread)
	public static class Position {

		private int index;

		int next() {
			this.index = (this.index + 1) & (VALUES - 1);
			return this.index;
		}

	}

}
