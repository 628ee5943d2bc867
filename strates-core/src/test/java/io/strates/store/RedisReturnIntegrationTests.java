package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What nodes answer that Redis has come back to. Their time stands still. */
class RedisReturnIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** For how long memory is good of a node that does not hear the others. */
	private static final long MOMENT = Duration.ofSeconds(1).toNanos();

	/** How long a node waits for what the others have to tell Redis. */
	private static final long SETTLING = Duration.ofSeconds(2).toNanos();

	private static final String ID = "g";

	private static final String SECOND = "h";

	private final AtomicLong clock = new AtomicLong();

	private DevRedis redis;

	private StoreMachine a;

	private StoreMachine b;

	@BeforeEach
	void start() {
		DevDatabase database = DevPostgres.newDatabase();
		this.redis = DevRedis.startEmbedded();
		this.a = new StoreMachine(database, this.redis, (options) -> options);
		this.b = new StoreMachine(database, this.redis, (options) -> options.ticker(this.clock::get));
		this.a.store.putAll(List.of(new Gadget(ID, "v1"), new Gadget(SECOND, "v1")));
		assertThat(this.b.store.getAll(List.of(ID, SECOND))).hasSize(2);
		assertThat(this.b.store.lookUp(ID).origin()).isEqualTo(Origin.L1);
	}

	@AfterEach
	void stop() {
		this.a.close();
		this.b.close();
		this.redis.close();
	}

	private void assertAnswer(String id, String name, Origin origin) {
		CacheAnswer<Gadget> answer = this.b.store.lookUp(id);
		assertThat(answer.value()).isNotNull().extracting(Gadget::getName).isEqualTo(name);
		assertThat(answer.origin()).isEqualTo(origin);
	}

	@Test
	void nodeThatWasCutOffReadsTheDatabaseUntilItHearsTheOthersAndIsRightFromThen() {
		this.b.cutOff();
		this.a.store.put(new Gadget(ID, "v2"));
		this.clock.addAndGet(MOMENT);
		this.b.node.sql();
		assertAnswer(ID, "v2", Origin.L3);
		assertThat(this.b.node.sql()).hasSize(1);
		this.a.store.put(new Gadget(ID, "v3"));

		this.b.reconnect();

		await().atMost(PATIENCE).until(() -> {
			this.clock.addAndGet(MOMENT);
			boolean trusted = this.b.trusted();
			CacheAnswer<Gadget> answer = this.b.store.lookUp(ID);
			assertThat(answer.value()).isNotNull().extracting(Gadget::getName).isEqualTo("v3");
			if (!trusted && !this.b.trusted()) {
				assertThat(answer.origin()).isEqualTo(Origin.L3);
			}
			return this.b.connected();
		});
		assertThat(this.b.store.get(ID).name).isEqualTo("v3");
		this.clock.addAndGet(SETTLING);
		assertThat(this.b.store.get(ID).name).isEqualTo("v3");
		assertThat(this.b.store.lookUp(ID).origin()).isEqualTo(Origin.L1);
		this.a.store.put(new Gadget(ID, "v4"));
		await().atMost(PATIENCE).until(() -> this.b.store.get(ID).name.equals("v4"));
	}

	@Test
	void nodeDoesNotReadFromRedisBeforeTheOtherHasToldItWhatItWroteMeanwhile() {
		this.a.cutOff();
		this.b.cutOff();
		this.a.store.putAll(List.of(new Gadget(ID, "v2"), new Gadget(SECOND, "v2")));
		assertThat(this.a.store.statistics().coherence().debts()).isPositive();
		this.clock.addAndGet(MOMENT);
		assertAnswer(ID, "v2", Origin.L3);

		assertThatNobodyGoesBackWhileTheyReturn();
	}

	@Test
	void nodeThatWasIdleDoesNotReadFromRedisBeforeTheOtherHasToldItWhatItWroteMeanwhile() {
		this.a.cutOff();
		this.b.cutOff();
		this.a.store.putAll(List.of(new Gadget(ID, "v2"), new Gadget(SECOND, "v2")));
		assertThat(this.a.store.statistics().coherence().debts()).isPositive();

		assertThatNobodyGoesBackWhileTheyReturn();
	}

	/** B comes back first, and A only when B may read from Redis again. */
	private void assertThatNobodyGoesBackWhileTheyReturn() {
		this.b.reconnect();
		await().atMost(PATIENCE).until(this.b::connected);
		assertAnswer(ID, "v2", Origin.L3);
		this.clock.addAndGet(SETTLING - 1);
		assertAnswer(SECOND, "v2", Origin.L3);

		this.a.reconnect();
		this.a.awaitTrust();
		this.clock.addAndGet(1);
		for (StoreMachine machine : List.of(this.a, this.b)) {
			assertThat(machine.store.getAll(List.of(ID, SECOND)).values()).extracting(Gadget::getName)
				.containsExactly("v2", "v2");
		}
		this.a.store.put(new Gadget(ID, "v3"));
		await().atMost(PATIENCE).until(() -> this.b.store.get(ID).name.equals("v3"));
	}

}
