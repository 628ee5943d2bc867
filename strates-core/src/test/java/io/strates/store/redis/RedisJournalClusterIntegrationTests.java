package io.strates.store.redis;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;
import io.strates.store.WriteJournal;
import io.strates.store.WriteJournalContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

import static org.awaitility.Awaitility.await;

/** The contract on a Redis Cluster, whose scripts may use keys of one slot only. */
class RedisJournalClusterIntegrationTests extends WriteJournalContract {

	private static DevRedis redis;

	private static RedisClusterClient client;

	private RedisJournals journals;

	@BeforeAll
	static void start() {
		redis = DevRedis.startCluster();
		client = RedisClusterClient.create(RedisURI.create(redis.host(), redis.port()));
	}

	@AfterAll
	static void stop() {
		client.shutdown(0, 1, TimeUnit.SECONDS);
		redis.close();
	}

	@AfterEach
	void closeConnection() {
		this.journals.close();
	}

	/** Stores of different names are in different slots. */
	@Override
	protected WriteJournal empty() {
		this.journals = new RedisJournals(client, "", Duration.ofSeconds(10), CircuitBreaker.ofDefaults("journal"));
		WriteJournal journal = this.journals.journal(UUID.randomUUID().toString());
		await().atMost(Duration.ofSeconds(30))
			.ignoreException(TierUnavailableException.class)
			.until(() -> journal.counts() != null);
		return journal;
	}

}
