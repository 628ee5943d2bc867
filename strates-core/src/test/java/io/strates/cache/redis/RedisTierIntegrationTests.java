package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The second tier on a real Redis: here, gone, hung, back. */
class RedisTierIntegrationTests {

	private static final Duration HOUR = Duration.ofHours(1);

	/** Not a number of seconds. */
	private static final Duration TIME_TO_LIVE = Duration.ofMillis(601_900);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final String space = UUID.randomUUID() + ":";

	@Test
	void valuesAreFetchedInTheOrderOfTheirKeys() {
		try (Node node = new Node(DevRedis.shared())) {
			node.connected();
			node.tier.store(Map.of(key("a"), bytes("1"), key("c"), new byte[0]), HOUR);
			await().atMost(PATIENCE).until(() -> node.tier.fetch(List.of(key("c"))).get(0) != null);

			List<byte @Nullable []> found = node.tier.fetch(List.of(key("c"), key("b"), key("a")));

			assertThat(found.get(0)).isEmpty();
			assertThat(found.get(1)).isNull();
			assertThat(found.get(2)).isEqualTo(bytes("1"));
		}
	}

	@Test
	void severalKeysAreOneCommand() {
		try (Node node = new Node(DevRedis.start())) {
			node.connected();
			long before = node.commands();

			node.tier.fetch(List.of(key("a"), key("b"), key("c")));

			// One is the question itself.
			assertThat(node.commands() - before).isEqualTo(2);
		}
	}

	@Test
	void valueIsKeptNoLongerThanItsTimeToLive() {
		try (Node node = new Node(DevRedis.shared())) {
			node.connected();
			node.tier.store(Map.of(key("a"), bytes("1")), TIME_TO_LIVE);
			await().atMost(PATIENCE).until(() -> node.redis.sync().exists(key("a")) == 1);

			assertThat(node.redis.sync().pttl(key("a"))).isBetween(1L, TIME_TO_LIVE.toMillis());
		}
	}

	@Test
	void removalTakesKeysThatBeginWithATextAndNoOthers() {
		try (Node node = new Node(DevRedis.shared())) {
			node.connected();
			Map<String, byte[]> values = new HashMap<>();
			for (int index = 0; index < 3_000; index++) {
				values.put(key("b1:" + index), bytes("x"));
				values.put(key("b[2]*:" + index), bytes("x"));
			}
			values.put(key("b10:1"), bytes("x"));
			values.put(key("b2:1"), bytes("x"));
			node.tier.store(values, HOUR);
			await().atMost(PATIENCE)
				.until(() -> node.redis.sync().exists(values.keySet().toArray(String[]::new)) == 6_002);

			assertThat(node.tier.removeAll(List.of(key("b1:"), key("b[2]*:")))).isEqualTo(6_000);

			assertThat(node.redis.sync().exists(key("b10:1"), key("b2:1"))).isEqualTo(2);
		}
	}

	@Test
	void tierIsAwayWhileRedisIsAndBackWhenItIs() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			try (Node node = new Node(redis)) {
				assertThatExceptionOfType(TierUnavailableException.class)
					.isThrownBy(() -> node.tier.fetch(List.of(key("a"))))
					.withMessageContaining("Redis is not connected");
				node.tier.store(Map.of(key("a"), bytes("1")), HOUR);

				redis.restart();

				node.connected();
				redis.stop();
				await().atMost(PATIENCE).until(() -> !node.answers());
				redis.restart();
				node.connected();
			}
		}
	}

	@Test
	void hungRedisCostsTheTimeLimitAFewTimesAndThenNothing() {
		try (DevRedis redis = DevRedis.startEmbedded(); Node node = new Node(redis, Duration.ofMillis(200))) {
			node.connected();
			try (RedisClient other = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
					StatefulRedisConnection<String, String> hanging = other.connect()) {
				hanging.async().clientPause(600_000);
				await().atMost(PATIENCE).until(() -> !node.answers());
				await().atMost(PATIENCE).until(() -> {
					node.answers();
					return node.breaker.getState() == CircuitBreaker.State.OPEN;
				});

				long sent = node.breaker.getMetrics().getNumberOfFailedCalls();
				for (int read = 0; read < 1_000; read++) {
					assertThat(node.answers()).isFalse();
				}

				// Nobody was kept waiting: none of the thousand was sent.
				assertThat(node.breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(sent);
				assertThat(node.breaker.getMetrics().getNumberOfNotPermittedCalls()).isGreaterThanOrEqualTo(1_000);
			}
		}
	}

	@Test
	void redisThatIsFullIsReadAllTheSame() {
		try (DevRedis redis = DevRedis.startEmbedded(); Node node = new Node(redis)) {
			node.connected();
			node.tier.store(Map.of(key("a"), bytes("1")), HOUR);
			await().atMost(PATIENCE).until(() -> node.redis.sync().exists(key("a")) == 1);
			node.redis.sync().configSet("maxmemory", "1");

			for (int write = 0; write < 20; write++) {
				node.tier.store(Map.of(key("b" + write), bytes("2")), HOUR);
			}

			assertThat(node.tier.fetch(List.of(key("a"), key("b19")))).containsExactly(bytes("1"), null);
			assertThat(node.breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		}
	}

	@Test
	void breakerThatIsHalfOpenTriesWithQuestionsOnly() {
		try (DevRedis redis = DevRedis.startEmbedded(); Node node = new Node(redis)) {
			node.connected();
			node.breaker.transitionToForcedOpenState();
			assertThat(node.answers()).isFalse();

			node.breaker.transitionToHalfOpenState();
			node.tier.store(Map.of(key("a"), bytes("1")), HOUR);

			assertThat(node.breaker.getMetrics().getNumberOfSuccessfulCalls()).isZero();
			assertThat(node.answers()).isTrue();
		}
	}

	private String key(String name) {
		return this.space + name;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** A node with a client of its own. */
	private final class Node implements AutoCloseable {

		private final RedisClient client;

		private final CircuitBreaker breaker = CircuitBreaker.of("l2",
				CircuitBreakerConfig.custom()
					.slidingWindowSize(4)
					.minimumNumberOfCalls(4)
					.waitDurationInOpenState(Duration.ofSeconds(30))
					.build());

		private final RedisTier tier;

		private @Nullable StatefulRedisConnection<String, String> redis;

		Node(DevRedis server) {
			this(server, Duration.ofSeconds(10));
		}

		Node(DevRedis server, Duration timeout) {
			this.client = RedisClient.create(RedisURI.create(server.host(), server.port()));
			this.tier = new RedisTier(this.client, timeout, this.breaker);
		}

		boolean answers() {
			try {
				this.tier.fetch(List.of(key("?")));
				return true;
			}
			catch (TierUnavailableException ex) {
				return false;
			}
		}

		void connected() {
			await().atMost(PATIENCE).until(() -> {
				this.breaker.reset();
				return answers();
			});
			if (this.redis == null) {
				this.redis = this.client.connect();
			}
		}

		long commands() {
			for (String line : this.redis.sync().info("stats").split("\r\n")) {
				if (line.startsWith("total_commands_processed:")) {
					return Long.parseLong(line.substring(line.indexOf(':') + 1));
				}
			}
			throw new IllegalStateException("Redis does not count commands");
		}

		@Override
		public void close() {
			this.tier.close();
			this.client.shutdown();
		}

	}

}
