package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.strates.RedisMonitor;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/** What reads and writes of a store ask the database and a real Redis. */
class StoreRoundTripsIntegrationTests {

	/** Counts its calls. */
	static final class Counting implements StoreHooks<Gadget> {

		final AtomicInteger before = new AtomicInteger();

		final AtomicInteger after = new AtomicInteger();

		@Override
		public Class<Gadget> type() {
			return Gadget.class;
		}

		@Override
		public void beforePut(Gadget entity) {
			this.before.incrementAndGet();
		}

		@Override
		public void afterPut(Gadget entity) {
			this.after.incrementAndGet();
		}

	}

	private static final AtomicInteger TESTS = new AtomicInteger();

	private static final Counting counting = new Counting();

	private static DevRedis redis;

	private static RedisClient client;

	private static StatefulRedisConnection<String, String> connection;

	private static RedisMonitor monitor;

	private static StoreMachine a;

	private static StoreMachine b;

	private final String id = "g" + TESTS.incrementAndGet();

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		redis = DevRedis.startEmbedded();
		a = new StoreMachine(database, redis, (options) -> options.hook(counting));
		b = new StoreMachine(database, redis, UnaryOperator.identity());
		client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
		connection = client.connect();
		monitor = new RedisMonitor(redis);
		a.store.put(new Gadget("somebody", "known"));
	}

	@AfterAll
	static void stop() {
		monitor.close();
		client.shutdown();
		a.close();
		b.close();
		redis.close();
	}

	/** So that each node knows the tags that all entities have. */
	@BeforeEach
	void warmUp() {
		for (StoreMachine machine : List.of(a, b)) {
			machine.awaitTrust();
			machine.store.get("somebody");
			forget(machine);
		}
	}

	private static void forget(StoreMachine machine) {
		machine.asked(monitor);
		machine.node.sql();
	}

	private void insertBySql(String name) {
		a.node.jdbc.sql("insert into gadget (id, name, score) values (?, ?, 0)").params(this.id, name).update();
	}

	private List<String> keys() {
		RedisCommands<String, String> commands = connection.sync();
		return commands.keys("machines:*:{c:gadget:" + this.id + "}v");
	}

	@Test
	void ownWriteIsReadWithoutAskingAnybody() {
		a.store.put(new Gadget(this.id, "v1"));
		forget(a);

		assertThat(a.store.get(this.id).name).isEqualTo("v1");

		assertThat(a.node.sql()).isEmpty();
		assertThat(a.asked(monitor).byClients()).isEmpty();
	}

	@Test
	void rowThatIsOnlyInTheDatabaseIsAskedForOnce() {
		insertBySql("v1");

		assertThat(a.store.get(this.id).name).isEqualTo("v1");

		assertThat(a.node.sql()).hasSize(1);
		assertThat(a.asked(monitor).byClients()).hasSizeBetween(2, 3);
		assertThat(keys()).hasSize(1);
		monitor.until(askedForKeys());
		assertThat(a.store.get(this.id).name).isEqualTo("v1");
		assertThat(a.node.sql()).isEmpty();
		assertThat(a.asked(monitor).byClients()).isEmpty();
	}

	private static String askedForKeys() {
		return "machines:*";
	}

	@Test
	void valueOfTheSecondTierIsAskedForOnceAndTheDatabaseIsNot() {
		a.store.put(new Gadget(this.id, "v1"));
		forget(a);

		assertThat(b.store.lookUp(this.id).origin()).isEqualTo(Origin.L2);

		assertThat(b.node.sql()).isEmpty();
		assertThat(b.asked(monitor).byClients()).hasSize(1);
		assertThat(b.store.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		assertThat(b.node.sql()).isEmpty();
		assertThat(b.asked(monitor).byClients()).isEmpty();
	}

	@Test
	void writeIsTwoCommandsAndOneMessage() {
		a.store.put(new Gadget(this.id, "v1"));

		RedisMonitor.Asked asked = a.asked(monitor);
		assertThat(asked.byClients()).hasSize(2);
		assertThat(asked.messages("INVALIDATED")).hasSize(1).allMatch((line) -> line.contains("c:gadget:" + this.id));
		assertThat(a.node.sql()).hasSize(1);
		assertThat(a.store.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		assertThat(keys()).singleElement()
			.satisfies(
					(key) -> assertThat(connection.sync().pttl(key)).isBetween(1L, Duration.ofMinutes(30).toMillis()));
		monitor.until("\"PTTL\"");
	}

	@Test
	void deletionIsTwoCommandsAndOneMessageToo() {
		a.store.put(new Gadget(this.id, "v1"));
		forget(a);

		a.store.delete(this.id);

		RedisMonitor.Asked asked = a.asked(monitor);
		assertThat(asked.byClients()).hasSize(2);
		assertThat(asked.messages("INVALIDATED")).hasSize(1);
		assertThat(a.node.sql()).hasSize(1);
		assertThat(b.store.find(this.id)).isEmpty();
	}

	@Test
	void hundredEntitiesAreWrittenWithTwoCommands() {
		List<Gadget> all = IntStream.range(0, 100)
			.mapToObj((index) -> new Gadget(this.id + "-" + index, "v1"))
			.toList();
		int before = counting.before.get();
		int after = counting.after.get();
		long puts = a.store.statistics().puts();

		a.store.putAll(all);

		assertThat(a.asked(monitor).byClients()).hasSize(2);
		assertThat(a.node.sql()).hasSize(1);
		assertThat(counting.before.get() - before).isEqualTo(100);
		assertThat(counting.after.get() - after).isEqualTo(100);
		assertThat(a.store.statistics().puts() - puts).isEqualTo(100);
	}

	@Test
	void hundredEntitiesAreReadWithOneCommand() {
		List<String> ids = IntStream.range(0, 100).mapToObj((index) -> this.id + "-" + index).toList();
		a.store.putAll(ids.stream().map((each) -> new Gadget(each, "v1")).toList());
		forget(a);

		assertThat(b.store.getAll(ids)).hasSize(100);

		assertThat(b.asked(monitor).byClients()).hasSize(1);
		assertThat(b.node.sql()).isEmpty();
	}

	@Test
	void writerDoesNotWaitUntilRedisHasTheValue() {
		try {
			a.store.transaction((work) -> {
				work.put(new Gadget(this.id, "v1"));
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
					@Override
					public void afterCommit() {
						a.proxy.holdToServer(true);
					}
				});
				return work;
			});

			assertThat(keys()).isEmpty();
			assertThat(a.store.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		}
		finally {
			a.proxy.holdToServer(false);
		}
		forget(a);
		assertThat(keys()).hasSize(1);
		monitor.until(askedForKeys());
	}

	@Test
	void transactionOfThreeIsToldOnce() {
		a.store.put(new Gadget(this.id + "-3", "v1"));
		forget(a);

		a.store.transaction((work) -> work.put(new Gadget(this.id + "-1", "v1"))
			.put(new Gadget(this.id + "-2", "v1"))
			.delete(this.id + "-3"));

		RedisMonitor.Asked asked = a.asked(monitor);
		assertThat(asked.byClients()).hasSizeLessThanOrEqualTo(6);
		assertThat(asked.messages("INVALIDATED")).hasSizeLessThanOrEqualTo(3);
		assertThat(a.node.sql()).hasSize(3);
	}

}
