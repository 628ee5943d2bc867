package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The second tier on a Redis Cluster, whose masters have a part of the keys each. */
class RedisTierClusterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static DevRedis redis;

	private static RedisClusterClient client;

	private static RedisTier tier;

	@BeforeAll
	static void start() {
		redis = DevRedis.startCluster();
		client = RedisClusterClient.create(RedisURI.create(redis.host(), redis.port()));
		tier = new RedisTier(client, Duration.ofSeconds(10), CircuitBreaker.ofDefaults("l2"));
		await().atMost(PATIENCE).ignoreException(TierUnavailableException.class).until(() -> fetch("?") != null);
	}

	@AfterAll
	static void stop() {
		tier.close();
		client.shutdown(0, 1, TimeUnit.SECONDS);
		redis.close();
	}

	private static List<@Nullable String> fetch(String... keys) {
		return fetch(List.of(keys));
	}

	private static List<@Nullable String> fetch(List<String> keys) {
		return tier.fetch(keys)
			.stream()
			.map((bytes) -> (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null)
			.collect(Collectors.toList());
	}

	/** Stores each key as its own value. */
	private static void store(List<String> keys) {
		tier.store(
				keys.stream()
					.collect(Collectors.toMap(Function.identity(), (key) -> key.getBytes(StandardCharsets.UTF_8))),
				Duration.ofHours(1));
		await().atMost(PATIENCE).until(() -> !fetch(keys).contains(null));
	}

	private static List<String> keys(String prefix) {
		return IntStream.range(0, 100).mapToObj((number) -> prefix + number).toList();
	}

	@Test
	void valuesOfAllMastersAreFetchedInTheOrderOfTheirKeys() {
		List<String> keys = keys("ordered:");
		store(keys.subList(0, 99));

		assertThat(fetch(keys).subList(0, 99)).isEqualTo(keys.subList(0, 99));
		assertThat(fetch(keys).get(99)).isNull();
	}

	@Test
	void valuesOfAPrefixAreRemovedFromAllMasters() {
		store(keys("gone:"));
		store(keys("kept:"));

		assertThat(tier.removeAll(List.of("gone:"))).isEqualTo(100);

		assertThat(fetch(keys("gone:"))).containsOnlyNulls();
		assertThat(fetch(keys("kept:"))).isEqualTo(keys("kept:"));
	}

}
