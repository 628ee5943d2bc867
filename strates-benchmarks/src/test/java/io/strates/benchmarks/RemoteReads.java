package io.strates.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
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

/** Reads that L1 cannot answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class RemoteReads {

	static final int VALUES = 1024;

	/** More than one run reads in the time that the second tier keeps what is cold. */
	static final int ROWS = 65_536;

	private static final int BATCH = 100;

	private final String[] keys = IntStream.range(0, VALUES).mapToObj((id) -> "raw:" + id).toArray(String[]::new);

	private final List<Long> ids = LongStream.range(0, BATCH).boxed().toList();

	private final String[] batch = IntStream.range(0, BATCH).mapToObj((id) -> "raw:" + id).toArray(String[]::new);

	private HikariDataSource dataSource;

	private ArticleTable table;

	private RedisClient client;

	private RedisCommands<String, byte[]> redis;

	private Node node;

	private CoherentCache<Long, Article> remote;

	private CoherentCache<Long, Article> cold;

	private StoreNode stores;

	private TieredStore<ArticleRow, Long> remoteStore;

	private TieredStore<ArticleRow, Long> coldStore;

	/** Starts a node, and fills the second tier. */
	@Setup
	public void start() {
		Servers servers = Servers.find();
		this.dataSource = servers.dataSource();
		this.table = new ArticleTable(this.dataSource);
		this.table.fill(ROWS);
		this.client = RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
		this.redis = this.client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)).sync();
		String space = "remote-reads-" + System.nanoTime();
		this.node = Node.start(servers, space);
		this.remote = this.node.articles("remote", CacheSettings.DEFAULT.withUseLocal(false));
		CacheSettings forMoments = CacheSettings.DEFAULT.withLocalMaximum(VALUES)
			.withRemoteTimeToLive(Duration.ofSeconds(2));
		this.cold = this.node.articles("cold", forMoments);
		this.stores = new StoreNode(servers, space, this.node, this.dataSource);
		this.remoteStore = this.stores.articles("remoteStore", CacheSettings.DEFAULT.withUseLocal(false),
				WriteMode.WRITE_THROUGH);
		this.coldStore = this.stores.articles("coldStore", forMoments, WriteMode.WRITE_THROUGH);
		for (int id = 0; id < VALUES; id++) {
			this.remote.get((long) id, this.table::load);
			this.remoteStore.get((long) id);
			this.redis.set(this.keys[id], JacksonCodecs.smile().codec(Article.class).encode(Article.of(id, 0)),
					SetArgs.Builder.ex(1_800));
		}
		// The fills are not awaited.
		for (long id = 0; id < VALUES; id++) {
			Origin origin = this.remote.lookUp(id, this.table::load).origin();
			if (origin != Origin.L2 || this.remoteStore.lookUp(id).origin() != Origin.L2) {
				id--;
			}
		}
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.stores.close();
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.dataSource.close();
	}

	/** The limit of a hit of L2, nothing decoded. */
	@Benchmark
	public Object redisGet(Position position) {
		return this.redis.get(this.keys[position.next()]);
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
		return this.redis.mget(this.batch);
	}

	/** Many hits of L2. */
	@Benchmark
	public Object remoteHits() {
		return this.remote.getAll(this.ids, RemoteReads::unexpected);
	}

	/** The limit of a miss. */
	@Benchmark
	public Object jdbcSelect(Position position) {
		return this.table.select(position.next());
	}

	/** A miss of L1 and L2, both of which are filled. */
	@Benchmark
	public Object miss(Position position) {
		return this.cold.get(position.nextCold(), this.table::load);
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
	public Object entityMiss(Position position) {
		return this.coldStore.get(position.nextCold());
	}

	/** Where a thread reads. */
	@State(Scope.Thread)
	public static class Position {

		private int index;

		private long cold;

		int next() {
			this.index = (this.index + 1) & (VALUES - 1);
			return this.index;
		}

		long nextCold() {
			this.cold = (this.cold + 1) % ROWS;
			return this.cold;
		}

	}

}
