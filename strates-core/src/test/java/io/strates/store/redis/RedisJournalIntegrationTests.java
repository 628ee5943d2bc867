package io.strates.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;
import io.strates.store.WriteJournal;
import io.strates.store.WriteJournalContract;
import io.strates.store.WriteUnconfirmedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class RedisJournalIntegrationTests extends WriteJournalContract {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static RedisClient client;

	private static StatefulRedisConnection<String, String> redis;

	private static RedisJournals journals;

	private final String namespace = UUID.randomUUID() + ":";

	@BeforeAll
	static void connect() {
		client = client(DevRedis.shared());
		redis = client.connect();
	}

	@AfterAll
	static void disconnect() {
		client.shutdown();
	}

	@AfterEach
	void closeConnection() {
		journals.close();
	}

	@Override
	protected WriteJournal empty() {
		journals = journals(client, this.namespace);
		return connected(journals.journal("thing"));
	}

	@Test
	void isDurable() {
		assertThat(this.journal.durable()).isTrue();
	}

	@Test
	void callThatIsRepeatedQueuesOnce() {
		this.journal.enqueue("once", List.of(write("a=1")), ROOM);
		this.journal.enqueue("another", List.of(write("a=2")), ROOM);

		assertThat(this.journal.enqueue("once", List.of(write("a=1")), ROOM)).isEqualTo(1);

		assertThat(pending("a")).containsExactly("a=2");
	}

	@Test
	void callIsOneCommandWhateverItQueues() {
		try (DevRedis server = DevRedis.startEmbedded();
				RedisClient other = client(server);
				RedisJournals otherJournals = journals(other, "")) {
			WriteJournal journal = connected(otherJournals.journal("thing"));
			StatefulRedisConnection<String, String> observer = other.connect();
			journal.enqueue("r", List.of(write("x=1")), ROOM);
			long before = evaluations(observer);

			journal.enqueue("s", List.of(write("a=1"), write("b=1"), write("c=1")), ROOM);

			assertThat(evaluations(observer) - before).isEqualTo(1);
		}
	}

	private static long evaluations(StatefulRedisConnection<String, String> redis) {
		String name = "cmdstat_evalsha:calls=";
		String info = redis.sync().info("commandstats");
		int start = info.indexOf(name) + name.length();
		return Long.parseLong(info.substring(start).split("[^0-9]", 2)[0]);
	}

	@Test
	void anotherClientSeesTheSameJournalAndAnotherStoreDoesNot() {
		queue("a=1");

		try (RedisJournals other = journals(client, this.namespace)) {
			assertThat(connected(other.journal("thing")).queued(10)).containsExactly("a");
			assertThat(connected(other.journal("other")).queued(10)).isEmpty();
		}
	}

	@Test
	void allKeysAreInOneSlot() {
		queue("a=1", "b=1");
		this.journal.begin(1, null, false);

		assertThat(redis.sync().keys(this.namespace + "*")).hasSizeGreaterThan(3)
			.allMatch((key) -> key.startsWith(this.namespace + "journal:{thing}:"))
			.extracting(SlotHash::getSlot)
			.containsOnly(SlotHash.getSlot("thing"));
	}

	@Test
	void keysDoNotExpire() {
		queue("a=1");

		assertThat(redis.sync().keys(this.namespace + "*")).allMatch((key) -> redis.sync().ttl(key) == -1);
	}

	@Test
	void scriptsAreLoadedAgainIfRedisForgetsThem() {
		queue("a=1");
		redis.sync().scriptFlush();

		queue("b=1");

		assertThat(pending("a", "b")).containsExactly("a=1", "b=1");
	}

	@Test
	void redisWithoutMemoryQueuesNothing() {
		try (DevRedis full = DevRedis.startEmbedded();
				RedisClient other = client(full);
				RedisJournals otherJournals = journals(other, "")) {
			WriteJournal journal = connected(otherJournals.journal("thing"));
			other.connect().sync().configSet("maxmemory", "1");

			assertThatExceptionOfType(TierUnavailableException.class)
				.isThrownBy(() -> journal.enqueue("r", List.of(write("a=1")), ROOM))
				.withMessageContaining("refused by Redis");
			assertThat(journal.counts().pending()).isZero();
		}
	}

	@Test
	void redisThatIsAwayIsToldFromRedisThatDoesNotAnswer() {
		try (DevRedis server = DevRedis.startEmbedded();
				RedisClient other = client(server);
				RedisJournals otherJournals = journals(other, "", Duration.ofMillis(500))) {
			WriteJournal journal = connected(otherJournals.journal("thing"));
			try (RedisClient hanging = client(server)) {
				hanging.connect().async().clientPause(600_000);

				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThatExceptionOfType(WriteUnconfirmedException.class)
						.isThrownBy(() -> journal.enqueue("r", List.of(write("a=1")), ROOM))
						.withMessageContaining("[a] in store 'thing'"));
			}
			server.stop();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThatExceptionOfType(TierUnavailableException.class)
					.isThrownBy(() -> journal.enqueue("s", List.of(write("a=1")), ROOM))
					.withMessageContaining("not connected"));
			assertThatExceptionOfType(TierUnavailableException.class).isThrownBy(() -> journal.pending(List.of("a")));
			server.restart();

			connected(journal);
			assertThat(journal.enqueue("t", List.of(write("b=1")), ROOM)).isEqualTo(1);
		}
	}

	private static RedisClient client(DevRedis server) {
		return RedisClient.create(RedisURI.create(server.host(), server.port()));
	}

	private static RedisJournals journals(RedisClient client, String namespace) {
		return journals(client, namespace, Duration.ofSeconds(10));
	}

	private static RedisJournals journals(RedisClient client, String namespace, Duration timeout) {
		CircuitBreaker closed = CircuitBreaker.ofDefaults("journal");
		return new RedisJournals(client, namespace, timeout, closed);
	}

	private static WriteJournal connected(WriteJournal journal) {
		await().atMost(PATIENCE).ignoreException(TierUnavailableException.class).until(() -> journal.counts() != null);
		return journal;
	}

}
