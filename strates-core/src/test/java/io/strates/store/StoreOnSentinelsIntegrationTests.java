package io.strates.store;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevSentinels;
import io.strates.store.redis.RedisJournals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Stores of two nodes that find their Redis through Sentinels, which replace it.
 */
class StoreOnSentinelsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration NORMAL = Duration.ofMillis(500);

	private static final int KEYS = 20;

	private static final int QUEUED = 50;

	private final DevDatabase database = DevPostgres.newDatabase();

	private final List<Machine> machines = new ArrayList<>();

	private DevSentinels redis;

	private final AtomicLong steps = new AtomicLong();

	private volatile boolean over;

	@BeforeEach
	void start() {
		this.redis = DevSentinels.start();
	}

	@AfterEach
	void stop() {
		this.machines.forEach(Machine::close);
		this.redis.close();
	}

	private Machine machine(String name, Duration probeInterval, WriteMode mode) {
		Machine machine = new Machine(name, probeInterval, mode);
		this.machines.add(machine);
		int port = this.redis.master();
		await().atMost(PATIENCE).pollInterval(NORMAL).until(() -> {
			boolean well = machine.isWell();
			if (!well) {
				// Its first probe came before it could hear; a new connection has
				// another.
				machine.cut(port, " cmd=(?!subscribe).*");
			}
			return well;
		});
		return machine;
	}

	@Test
	void noReaderSeesAValueGoBackWhenTheMasterIsKilled() throws Exception {
		Machine a = machine("a", NORMAL, WriteMode.WRITE_THROUGH);
		Machine b = machine("b", NORMAL, WriteMode.WRITE_THROUGH);
		countInTheDatabase(a.node);
		long seed = new Random().nextLong();
		ExecutorService threads = Executors.newFixedThreadPool(6);
		List<Future<?>> work = new ArrayList<>();
		for (int thread = 0; thread < 6; thread++) {
			Machine machine = this.machines.get(thread % this.machines.size());
			Random random = new Random(seed + thread);
			work.add(threads.submit(() -> readAndWrite(machine, random, seed)));
		}
		letWork();

		int killed = this.redis.killMaster();
		letWork();
		this.redis.awaitMasterOtherThan(killed);
		await().atMost(PATIENCE).until(() -> a.isWell() && b.isWell());
		letWork();

		this.over = true;
		for (Future<?> each : work) {
			each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		threads.shutdownNow();
		assertSameAsInTheDatabase(seed);
	}

	private void readAndWrite(Machine machine, Random random, long seed) {
		Map<String, Long> seen = new HashMap<>();
		while (!this.over) {
			String id = "t" + random.nextInt(KEYS);
			if (random.nextInt(10) == 0) {
				machine.tallies.put(new Tally(id));
			}
			else {
				Optional<Tally> found = machine.tallies.find(id);
				found.ifPresent((tally) -> {
					assertThat(tally.number).as("%s, seed %s", id, seed)
						.isGreaterThanOrEqualTo(seen.getOrDefault(id, 0L));
					seen.put(id, tally.number);
				});
			}
			this.steps.incrementAndGet();
		}
	}

	private void letWork() {
		long until = this.steps.get() + 2_000;
		await().atMost(PATIENCE).until(() -> this.steps.get() >= until);
	}

	/** Every write of a row takes the next number, in the order of the commits. */
	private void countInTheDatabase(StoreNode node) {
		node.jdbc.sql("create sequence tally_number").update();
		node.jdbc
			.sql("create function count_tally() returns trigger language plpgsql as"
					+ " 'begin new.number := nextval(''tally_number''); return new; end'")
			.update();
		node.jdbc
			.sql("create trigger count_tally before insert or update on tally for each row"
					+ " execute function count_tally()")
			.update();
	}

	private void assertSameAsInTheDatabase(long seed) {
		Map<String, Long> truth = new HashMap<>();
		this.machines.get(0).node.jdbc.sql("select id, number from tally").query((row) -> {
			truth.put(row.getString(1), row.getLong(2));
		});
		assertThat(truth).isNotEmpty();
		for (Machine machine : this.machines) {
			await().atMost(PATIENCE).untilAsserted(() -> {
				List<Answer> answers = truth.keySet().stream().map((id) -> answer(machine, id)).toList();
				assertThat(answers).as("seed %s", seed)
					.allSatisfy((answer) -> assertThat(answer.number()).isEqualTo(truth.get(answer.id())))
					.allSatisfy((answer) -> assertThat(answer.origin()).isEqualTo(Origin.L1));
			});
		}
	}

	private static Answer answer(Machine machine, String id) {
		CacheAnswer<Tally> answer = machine.tallies.lookUp(id);
		Tally tally = answer.value();
		return new Answer(id, (tally != null) ? tally.number : -1, answer.origin());
	}

	private record Answer(String id, long number, Origin origin) {
	}

	@Test
	void queuedWritesThatTheReplicaHasAreAppliedOnce() throws Exception {
		Machine a = machine("a", NORMAL, WriteMode.WRITE_BEHIND);
		Machine b = machine("b", NORMAL, WriteMode.WRITE_BEHIND);
		noteWrites(a.node);
		int master;
		try (Connection locking = a.node.dataSource.getConnection(); Statement lock = locking.createStatement()) {
			locking.setAutoCommit(false);
			lock.execute("lock table gadget in exclusive mode");
			a.gadgets.putAll(gadgets("v1"));
			awaitStatementThatWaits(a.node);
			a.gadgets.putAll(gadgets("v2"));
			awaitReplica(a);
			master = this.redis.killMaster();
			locking.rollback();
		}
		this.redis.awaitMasterOtherThan(master);

		await().atMost(PATIENCE).ignoreExceptionsInstanceOf(StoreException.class).untilAsserted(() -> {
			b.gadgets.flush();
			assertThat(names(a.node)).hasSize(QUEUED).containsOnly("v2");
		});
		b.gadgets.put(new Gadget("g0", "v3"));
		b.gadgets.flush();
		assertThat(names(a.node)).hasSize(QUEUED).containsOnlyOnce("v3");
		assertThat(a.node.jdbc.sql("select id, name from history group by id, name having count(*) > 1")
			.query()
			.listOfRows()).isEmpty();
	}

	private static List<String> names(StoreNode node) {
		return node.jdbc.sql("select name from gadget").query(String.class).list();
	}

	private static List<Gadget> gadgets(String name) {
		List<Gadget> all = new ArrayList<>();
		for (int number = 0; number < QUEUED; number++) {
			all.add(new Gadget("g" + number, name));
		}
		return all;
	}

	/** Lets the database note each time that a row is written. */
	private static void noteWrites(StoreNode node) {
		node.jdbc.sql("create table history (id varchar(255), name varchar(255))").update();
		node.jdbc
			.sql("create function note() returns trigger language plpgsql as"
					+ " 'begin insert into history values (new.id, new.name); return new; end'")
			.update();
		node.jdbc.sql("create trigger note after insert or update on gadget for each row execute function note()")
			.update();
	}

	private static void awaitStatementThatWaits(StoreNode node) {
		await().atMost(PATIENCE)
			.until(() -> node.jdbc
				.sql("select count(*) from pg_locks where not granted and database ="
						+ " (select oid from pg_database where datname = current_database())")
				.query(Long.class)
				.single() > 0);
	}

	private static void awaitReplica(Machine machine) {
		try (StatefulRedisConnection<String, String> master = machine.client.connect()) {
			// A connection waits for its own writes, and for what was written before.
			master.sync().set("last", "1");
			assertThat(master.sync().waitForReplication(1, PATIENCE.toMillis())).isEqualTo(1);
		}
	}

	/**
	 * Two masters for ten seconds, of which the old one has no replica any more. What it
	 * refuses for that reason tells its nodes.
	 */
	@Test
	void nodeLeavesAnOldMasterThatWantsReplicasBeforeItIsDemoted() {
		Machine a = machine("a", NORMAL, WriteMode.WRITE_THROUGH);
		Machine b = machine("b", NORMAL, WriteMode.WRITE_THROUGH);
		a.gadgets.put(new Gadget("g", "v1"));
		await().atMost(PATIENCE).until(() -> a.gadgets.lookUp("g").origin() == Origin.L1);
		ask(this.redis.master(), (server) -> server.configSet("min-replicas-to-write", "1"));

		int old = this.redis.failOver();
		b.cut(old);
		b.awaitWell();
		b.gadgets.put(new Gadget("g", "v2"));

		await().atMost(PATIENCE).until(() -> a.gadgets.get("g").name.equals("v2"));
		assertThat(this.redis.isMaster(old)).isTrue();
	}

	/** The node that writes does not ask whether its Redis is the master still. */
	@Test
	void writesThatOnlyTheOldMasterWasToldOfAreToldToTheNewOne() {
		Machine a = machine("a", NORMAL, WriteMode.WRITE_THROUGH);
		Machine b = machine("b", Duration.ofMinutes(1), WriteMode.WRITE_THROUGH);
		assertThat(b.tier.trusted()).isTrue();
		b.gadgets.put(new Gadget("g", "v1"));

		int old = this.redis.failOver();
		a.cut(old);
		a.awaitWell();
		await().atMost(PATIENCE).until(() -> a.gadgets.lookUp("g").origin() == Origin.L1);
		b.gadgets.put(new Gadget("g", "v2"));
		assertThat(this.redis.isMaster(old)).isTrue();
		b.cut(old);

		await().atMost(PATIENCE).until(() -> a.gadgets.get("g").name.equals("v2"));
	}

	/** Asks a server, whatever Sentinels say of it. */
	private void ask(int port, Consumer<RedisCommands<String, String>> question) {
		RedisClient direct = RedisClient.create(RedisURI.create(this.redis.host(), port));
		try (StatefulRedisConnection<String, String> connection = direct.connect()) {
			question.accept(connection.sync());
		}
		finally {
			direct.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		}
	}

	/** A node with a client of its own. */
	private final class Machine implements AutoCloseable {

		private final String name;

		private final RedisClient client;

		private final RedisCoherentTier tier;

		private final RedisJournals journals;

		private final StoreNode node;

		private final TieredStore<Gadget, String> gadgets;

		private final TieredStore<Tally, String> tallies;

		Machine(String name, Duration probeInterval, WriteMode mode) {
			DevSentinels servers = StoreOnSentinelsIntegrationTests.this.redis;
			this.name = name;
			this.client = RedisClient.create(uri(servers));
			CircuitBreakerConfig breaker = CircuitBreakerConfig.custom()
				.slidingWindowSize(10)
				.minimumNumberOfCalls(5)
				.waitDurationInOpenState(NORMAL)
				.build();
			this.tier = RedisCoherentTier.builder(this.client, "sentinel", CircuitBreaker.of("l2", breaker))
				.timeout(Duration.ofSeconds(2))
				.probeInterval(probeInterval)
				.build();
			this.journals = new RedisJournals(this.client, "sentinel:", Duration.ofSeconds(5),
					CircuitBreaker.of("journal", breaker));
			this.node = StoreNode.on(StoreOnSentinelsIntegrationTests.this.database)
				.entities(Gadget.class, Tally.class)
				.poolSize(12)
				.tier(this.tier)
				.journals(this.journals::journal)
				.build();
			this.node.stores.add(Gadget.class, TieredSettings.of(Gadget.class).withWriteMode(mode));
			this.node.stores.add(Tally.class);
			this.gadgets = this.node.stores.store(Gadget.class, String.class);
			this.tallies = this.node.stores.store(Tally.class, String.class);
		}

		private RedisURI uri(DevSentinels servers) {
			RedisURI.Builder uri = RedisURI.Builder.sentinel(servers.host(), servers.ports().get(0),
					DevSentinels.MASTER);
			servers.ports().stream().skip(1).forEach((port) -> uri.withSentinel(servers.host(), port));
			return uri.withClientName(this.name).build();
		}

		/** Breaks its connections to a server. */
		void cut(int port) {
			cut(port, "");
		}

		private void cut(int port, String which) {
			ask(port,
					(server) -> server.clientList()
						.lines()
						.filter((line) -> line.matches(".* name=" + this.name + " .*" + which))
						.map((line) -> Long.valueOf(line.replaceAll("^id=(\\d+) .*", "$1")))
						.forEach((id) -> server.clientKill(KillArgs.Builder.id(id))));
		}

		boolean isWell() {
			return this.tier.answering() && this.tier.trusted() && this.gadgets.statistics().coherence().debts() == 0;
		}

		void awaitWell() {
			await().atMost(PATIENCE).until(this::isWell);
		}

		@Override
		public void close() {
			this.node.close();
			this.journals.close();
			this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		}

	}

}
