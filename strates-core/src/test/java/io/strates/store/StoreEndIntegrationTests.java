package io.strates.store;

import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.store.redis.RedisJournals;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What stores leave behind that were open. */
class StoreEndIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DevDatabase database = DevPostgres.newDatabase();

	@Test
	void storesThatWereOpenedAndClosedTenTimesLeaveNoThreadAndNoConnection() throws SQLException {
		try (DevRedis redis = DevRedis.startEmbedded();
				RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
				StatefulRedisConnection<String, String> watching = client.connect()) {
			Set<Thread> before = Thread.getAllStackTraces().keySet();

			for (int round = 0; round < 10; round++) {
				openPutAndClose(redis, "g" + round);
			}

			await().atMost(PATIENCE).until(() -> watching.sync().clientList().lines().count() == 1);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(connections()).isZero());
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(ownThreads(before)).isEmpty());
			assertThat(rows()).isEqualTo(20);
		}
	}

	private void openPutAndClose(DevRedis redis, String id) {
		RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
		CircuitBreaker breaker = CircuitBreaker.ofDefaults("l2");
		RedisCoherentTier tier = RedisCoherentTier.builder(client, "ending", breaker)
			.timeout(Duration.ofSeconds(10))
			.build();
		try (RedisJournals journals = new RedisJournals(client, "ending:", Duration.ofSeconds(10), breaker);
				StoreNode node = StoreNode.on(this.database)
					.entities(Gadget.class, Tally.class)
					.tier(tier)
					.journals(journals::journal)
					.build()) {
			await().atMost(PATIENCE).until(() -> tier.trusted() && tier.answering());
			node.stores.add(Gadget.class, TieredSettings.of(Gadget.class).withWriteMode(WriteMode.WRITE_BEHIND));
			node.stores.add(Tally.class);
			node.stores.store(Gadget.class, String.class).put(new Gadget(id, "v1"));
			node.stores.store(Tally.class, String.class).put(new Tally(id));
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	private static List<String> ownThreads(Set<Thread> before) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread) && thread.getName().startsWith("strates-"))
			.map(Thread::getName)
			.toList();
	}

	private long connections() throws SQLException {
		return number("select count(*) from pg_stat_activity where datname = current_database()"
				+ " and backend_type = 'client backend' and pid <> pg_backend_pid()");
	}

	private long rows() throws SQLException {
		return number("select (select count(*) from gadget) + (select count(*) from tally)");
	}

	private long number(String sql) throws SQLException {
		try (var connection = DriverManager.getConnection(this.database.jdbcUrl(), this.database.username(),
				this.database.password());
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
	}

}
