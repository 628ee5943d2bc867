package io.strates.benchmarks;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.ImmutableCache;
import io.strates.store.TieredStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Hits of L1 on a node that hears the others. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LocalReads extends AbstractBenchmark {

	/** Beyond the numbers that the JVM keeps boxed. */
	private static final int FIRST = 1_000;

	private final Long[] ids = new Long[VALUES];

	private ServedNode node;

	private Cache<Long, Article> caffeine;

	private ImmutableCache<Long, Article> immutable;

	private CoherentCache<Long, Article> coherent;

	private TieredStore<ArticleRow, Long> store;

	/** Starts a node and reads each value once. */
	@Setup
	public void start() {
		this.node = new ServedNode("local-reads", FIRST + VALUES);
		this.store = this.node.store("entities", CacheSettings.DEFAULT);
		this.caffeine = Caffeine.newBuilder().maximumSize(10_000).recordStats().build();
		this.immutable = this.node.immutable("immutable");
		this.coherent = this.node.cache("coherent", CacheSettings.DEFAULT);
		for (int index = 0; index < VALUES; index++) {
			Long id = (long) FIRST + index;
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
		this.node.close();
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

}
