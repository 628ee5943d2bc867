package io.strates.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.lettuce.core.SetArgs;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.store.TieredStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads that L1 cannot answer. */
public class RemoteReads extends AbstractBenchmark {

	/** More than one run reads in the time that the second tier keeps what is cold. */
	static final int ROWS = 65_536;

	private static final int BATCH = 100;

	private final String[] keys = IntStream.range(0, VALUES).mapToObj((id) -> "raw:" + id).toArray(String[]::new);

	private final List<Long> ids = LongStream.range(0, BATCH).boxed().toList();

	private final String[] batch = IntStream.range(0, BATCH).mapToObj((id) -> "raw:" + id).toArray(String[]::new);

	private ServedNode node;

	private CoherentCache<Long, Article> remote;

	private CoherentCache<Long, Article> cold;

	private TieredStore<ArticleRow, Long> remoteStore;

	private TieredStore<ArticleRow, Long> coldStore;

	/** Starts a node, and fills the second tier. */
	@Setup
	public void start() {
		this.node = new ServedNode("remote-reads", ROWS);
		CacheSettings remoteOnly = CacheSettings.DEFAULT.withUseLocal(false);
		this.remote = this.node.cache("remote", remoteOnly);
		this.remoteStore = this.node.store("remoteStore", remoteOnly);
		CacheSettings forMoments = CacheSettings.DEFAULT.withLocalMaximum(VALUES)
			.withRemoteTimeToLive(Duration.ofSeconds(2));
		this.cold = this.node.cache("cold", forMoments);
		this.coldStore = this.node.store("coldStore", forMoments);
		for (int id = 0; id < VALUES; id++) {
			this.remote.get((long) id, this.node.table::load);
			this.remoteStore.get((long) id);
			this.node.redis.set(this.keys[id], JacksonCodecs.smile().codec(Article.class).encode(Article.of(id, 0)),
					SetArgs.Builder.ex(1_800));
		}
		// The fills are not awaited.
		for (long id = 0; id < VALUES; id++) {
			Origin origin = this.remote.lookUp(id, this.node.table::load).origin();
			if (origin != Origin.L2 || this.remoteStore.lookUp(id).origin() != Origin.L2) {
				id--;
			}
		}
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.node.close();
	}

	/** The limit of a hit of L2, nothing decoded. */
	@Benchmark
	public Object redisGet(Position position) {
		return this.node.redis.get(this.keys[position.next()]);
	}

	/** A hit of L2. */
	@Benchmark
	public Object remoteHit(Position position) {
		return this.remote.get((long) position.next(), RemoteReads::unexpected);
	}

	private static Map<Long, Article> unexpected(Iterable<Long> ids) {
		throw new IllegalStateException("L2 does not have " + ids);
	}

	/** The limit of many hits of L2, nothing decoded. */
	@Benchmark
	public Object redisMget() {
		return this.node.redis.mget(this.batch);
	}

	/** Many hits of L2. */
	@Benchmark
	public Object remoteHits() {
		return this.remote.getAll(this.ids, RemoteReads::unexpected);
	}

	/** The limit of a miss. */
	@Benchmark
	public Object jdbcSelect(Position position) {
		return this.node.table.select(position.next());
	}

	/** A miss of L1 and L2, both of which are filled. */
	@Benchmark
	public Object miss(ColdPosition position) {
		return this.cold.get(position.nextCold(), this.node.table::load);
	}

	/** A hit of L2 that becomes an entity. */
	@Benchmark
	public Object entityHit(Position position) {
		return this.remoteStore.get((long) position.next());
	}

	/** Many hits of L2 that become entities. */
	@Benchmark
	public Object entityHits() {
		return this.remoteStore.getAll(this.ids);
	}

	/** A miss of L1 and L2, read by Hibernate. */
	@Benchmark
	public Object entityMiss(ColdPosition position) {
		return this.coldStore.get(position.nextCold());
	}

	/** Where a thread reads, and where it reads what is cold. */
	@State(Scope.Thread)
	public static class ColdPosition extends Position {

		private long cold;

		long nextCold() {
			this.cold = (this.cold + 1) % ROWS;
			return this.cold;
		}

	}

}
