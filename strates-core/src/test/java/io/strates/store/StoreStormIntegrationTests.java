package io.strates.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.TcpProxy;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes, sixteen threads, and a Redis that is cut off, forgotten by the network, hung
 * and killed meanwhile. The length is a system property, {@code strates.storm}.
 */
class StoreStormIntegrationTests {

	private static final Duration LENGTH = Duration.parse(System.getProperty("strates.storm", "PT10S"));

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int KEYS = 200;

	private static final int THREADS = 16;

	private static final int STEPS_BETWEEN_BLOWS = 2_000;

	/** One round has one kill. */
	private static final int BLOWS = 12;

	private final AtomicLong steps = new AtomicLong();

	private volatile boolean strict;

	private volatile boolean over;

	/** Blows that hit all nodes alike, or take messages only. */
	@Test
	void noReaderSeesAValueGoBackThoughMessagesAreLostAndRedisIsKilled() throws Exception {
		this.strict = true;
		storm(List.of(this::loseMessages, this::killRedis, this::awaitCalm));
	}

	/**
	 * A node that is cut off alone writes what the tier of the other does not hear of.
	 */
	@Test
	void bothNodesAgreeInTheEndThoughOneIsCutOffAndRedisHangs() throws Exception {
		storm(List.of(this::cutOff, this::loseConnections, this::hang, this::holdReplies, this::killRedis,
				this::awaitCalm));
	}

	private void storm(List<Blow> blows) throws Exception {
		long seed = new Random().nextLong();
		DevDatabase database = DevPostgres.newDatabase();
		try (DevRedis redis = DevRedis.startEmbedded();
				Machine first = new Machine(database, redis);
				Machine second = new Machine(database, redis)) {
			countInTheDatabase(first.node);
			List<Machine> machines = List.of(first, second);
			await().atMost(PATIENCE).until(() -> machines.stream().allMatch(Machine::isWell));

			rage(machines, redis, blows, seed);

			await().atMost(PATIENCE).until(() -> machines.stream().allMatch(Machine::isWell));
			try (Machine newcomer = new Machine(database, redis)) {
				await().atMost(PATIENCE).until(newcomer::isWell);
				agree(List.of(newcomer, first, second), seed);
			}
		}
	}

	/**
	 * Every write of a row takes the next number, in the order of the commits: one that
	 * inserts may have taken its number long before it finds the row deleted, and others
	 * may have come and gone meanwhile, hence the lock.
	 */
	private void countInTheDatabase(StoreNode node) {
		node.jdbc.sql("create sequence tally_number").update();
		node.jdbc
			.sql("create function count_tally() returns trigger language plpgsql as"
					+ " 'begin perform pg_advisory_xact_lock(hashtextextended(new.id, 0));"
					+ " new.number := nextval(''tally_number''); return new; end'")
			.update();
		node.jdbc
			.sql("create trigger count_tally before insert or update on tally for each row"
					+ " execute function count_tally()")
			.update();
	}

	private void rage(List<Machine> machines, DevRedis redis, List<Blow> blows, long seed) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		CyclicBarrier together = new CyclicBarrier(THREADS);
		List<Future<?>> work = new ArrayList<>();
		for (int thread = 0; thread < THREADS; thread++) {
			Machine machine = machines.get(thread % machines.size());
			Random random = new Random(seed + thread);
			work.add(threads.submit(() -> {
				together.await();
				readAndWrite(machine, random, seed);
				return null;
			}));
		}
		long start = System.nanoTime();
		for (int blow = 0; blow < BLOWS || System.nanoTime() - start < LENGTH.toNanos(); blow++) {
			blows.get(blow % blows.size()).strike(machines, redis);
			letWork();
		}
		this.over = true;
		for (Future<?> each : work) {
			each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		threads.shutdownNow();
	}

	/** What happens to the network or to Redis while all work. */
	@FunctionalInterface
	private interface Blow {

		void strike(List<Machine> machines, DevRedis redis);

	}

	private void loseMessages(List<Machine> machines, DevRedis redis) {
		RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync().clientKill(KillArgs.Builder.typePubsub());
		}
		finally {
			client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		}
	}

	private void killRedis(List<Machine> machines, DevRedis redis) {
		redis.stop();
		letWork();
		redis.restart();
	}

	private void awaitCalm(List<Machine> machines, DevRedis redis) {
		await().atMost(PATIENCE).until(() -> machines.stream().allMatch(Machine::isWell));
	}

	private void cutOff(List<Machine> machines, DevRedis redis) {
		machines.get(1).proxy.cut();
	}

	private void loseConnections(List<Machine> machines, DevRedis redis) {
		machines.get(0).proxy.lose();
	}

	private void hang(List<Machine> machines, DevRedis redis) {
		redis.suspend();
		letWork();
		redis.resume();
	}

	private void holdReplies(List<Machine> machines, DevRedis redis) {
		machines.get(1).proxy.holdToClients(true);
		letWork();
		machines.get(1).proxy.holdToClients(false);
	}

	private void letWork() {
		long until = this.steps.get() + STEPS_BETWEEN_BLOWS;
		await().atMost(PATIENCE).until(() -> this.steps.get() >= until);
	}

	private void readAndWrite(Machine machine, Random random, long seed) {
		Map<String, Long> seen = new HashMap<>();
		TieredStore<Tally, String> store = machine.store;
		while (!this.over) {
			String id = "t" + random.nextInt(KEYS);
			int choice = random.nextInt(1_000);
			if (choice < 880) {
				see(store.find(id), id, seen, seed);
			}
			else if (choice < 900) {
				String other = "t" + random.nextInt(KEYS);
				store.getAll(List.of(id, other)).forEach((key, tally) -> see(Optional.of(tally), key, seen, seed));
			}
			else if (choice < 960) {
				store.put(new Tally(id));
			}
			else if (choice < 980) {
				store.delete(id);
			}
			else if (choice < 999) {
				store.invalidate(id);
			}
			else {
				store.invalidateAll();
			}
			this.steps.incrementAndGet();
		}
	}

	private void see(Optional<Tally> found, String id, Map<String, Long> seen, long seed) {
		found.ifPresent((tally) -> {
			if (this.strict) {
				assertThat(tally.number).as("%s, seed %s", id, seed).isGreaterThanOrEqualTo(seen.getOrDefault(id, 0L));
			}
			seen.put(id, tally.number);
		});
	}

	/**
	 * The first machine comes with an empty memory, so that it sees what the storm has
	 * left in the second tier.
	 */
	private void agree(List<Machine> machines, long seed) {
		Map<String, Long> truth = new HashMap<>();
		machines.get(0).node.jdbc.sql("select id, number from tally").query((row) -> {
			truth.put(row.getString(1), row.getLong(2));
		});
		assertThat(truth).as("rows in the end").isNotEmpty();
		for (int round = 0; round < 3; round++) {
			for (Machine machine : machines) {
				for (int key = 0; key < KEYS; key++) {
					String id = "t" + key;
					Tally tally = machine.store.lookUp(id).value();
					assertThat((tally != null) ? tally.number : null).as("%s, seed %s", id, seed)
						.isEqualTo(truth.get(id));
				}
			}
		}
		// Fences that nobody took away fall by themselves.
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(fromMemory(machines.get(1), truth.keySet()))
				.as("rows in memory in the end, seed %s", seed)
				.isEqualTo(truth.size()));
	}

	private long fromMemory(Machine machine, Set<String> ids) {
		return ids.stream().filter((id) -> machine.store.lookUp(id).origin() == Origin.L1).count();
	}

	/** A node with a network of its own. */
	private static final class Machine implements AutoCloseable {

		private final TcpProxy proxy;

		private final RedisClient client;

		private final RedisCoherentTier tier;

		private final StoreNode node;

		private final TieredStore<Tally, String> store;

		Machine(DevDatabase database, DevRedis redis) {
			this.proxy = new TcpProxy(redis.host(), redis.port());
			this.client = RedisClient.create(RedisURI.create(this.proxy.host(), this.proxy.port()));
			this.tier = RedisCoherentTier.builder(this.client, "storm",
					CircuitBreaker.of("l2",
							CircuitBreakerConfig.custom()
								.slidingWindowSize(10)
								.minimumNumberOfCalls(5)
								.waitDurationInOpenState(Duration.ofMillis(500))
								.build()))
				.build();
			this.node = StoreNode.on(database).entities(Tally.class).poolSize(12).tier(this.tier).build();
			this.node.stores.add(Tally.class);
			this.store = this.node.stores.store(Tally.class, String.class);
		}

		/** Whether Redis answers, others are heard, and nothing is owed. */
		boolean isWell() {
			return this.tier.answering() && this.tier.trusted() && this.store.statistics().coherence().debts() == 0;
		}

		@Override
		public void close() {
			this.node.close();
			this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
			this.proxy.close();
		}

	}

}
