package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.store.redis.RedisJournals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static io.strates.store.ThingTable.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Write-behind into PostgreSQL, from Redis. */
class PostgresWriteBehindIntegrationTests extends WriteBehindContract {

	private static RedisClient client;

	private static RedisJournals journals;

	@BeforeAll
	static void connect() {
		client = RedisClient.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));
		journals = new RedisJournals(client, UUID.randomUUID() + ":", Duration.ofSeconds(10),
				CircuitBreaker.ofDefaults("journal"));
		await().atMost(Duration.ofSeconds(30))
			.ignoreException(TierUnavailableException.class)
			.until(() -> journals.journal("any").counts().pending() == 0);
	}

	@AfterAll
	static void disconnect() {
		journals.close();
		client.shutdown();
	}

	@Override
	protected DevDatabase database() {
		return DevPostgres.newDatabase();
	}

	@Override
	protected WriteJournal journal() {
		return journals.journal(UUID.randomUUID().toString());
	}

	@Test
	void constraintThatIsCheckedAtCommitFindsItsRow() {
		this.table.jdbc.sql("alter table thing add constraint different unique (content) deferrable initially deferred")
			.update();
		WriteBehind node = node(WriteBehindSettings.DEFAULTS);
		node.enqueue(List.of(put("a", "1"), put("b", "2"), put("again", "1"), put("c", "3")));

		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
			.satisfies((failure) -> assertThat(failure.getRefused()).containsExactly("again"));

		assertThat(this.table.rows()).containsOnlyKeys("a", "b", "c");
	}

	@Test
	void serverThatCutsConnectionsCountsNoAttempt() {
		WriteBehind node = node(WriteBehindSettings.DEFAULTS);
		node.enqueue(List.of(put("a", "1")));
		this.table.before((writes) -> this.table.jdbc.sql("select pg_terminate_backend(pg_backend_pid())")
			.query(Boolean.class)
			.single());

		for (int attempt = 0; attempt < 7; attempt++) {
			assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
				.satisfies((failure) -> assertThat(failure.getRefused()).isEmpty());
		}
		this.table.before((writes) -> {
		});
		node.flush();

		assertThat(this.table.history("a")).containsExactly("1");
	}

}
