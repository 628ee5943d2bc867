package io.strates.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.strates.cache.CoherentTier;
import io.strates.cache.CoherentTierContract;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract on a Redis Cluster, which takes keys of one slot at a time. */
class RedisCoherentTierClusterIntegrationTests extends CoherentTierContract {

	private static DevRedis redis;

	private final String space = "test:" + UUID.randomUUID();

	private RedisNode node;

	@BeforeAll
	static void start() {
		redis = DevRedis.startCluster();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@BeforeEach
	void connect() {
		this.node = RedisNode.inCluster(redis, this.space);
		this.node.awaitTrust();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void anotherNodeHearsOfWritesAndNothingIsMissing() {
		try (RedisNode other = RedisNode.inCluster(redis, this.space)) {
			other.awaitTrust();

			for (int write = 0; write < 50; write++) {
				write("w" + write, "key" + write, bytes("x"));
			}
			fill("loaded", String.valueOf(lease("loaded", true, LONG).token()), bytes("x"));
			other.awaitEvent("landed [loaded]");
			other.awaitProbes(3);

			assertThat(other.news()).hasSize(51).contains("invalidated [key0]", "invalidated [key49]");
			assertThat(other.tier.channel().gaps()).isZero();
		}
	}

	@Test
	void valuesAndTokensOfBeforeARestartAreNotSeenAgainAlthoughRedisHasKeptThem() {
		List<String> keys = IntStream.range(0, 30).mapToObj((number) -> "key" + number).toList();
		keys.forEach((key) -> write("w", key, bytes("x")));
		List<String> kept = this.node.redis.keys(this.space + ":*}v");
		String token = granted("other");

		redis.restartWithData();
		this.node.awaitTrust();

		assertThat(kept).isNotEmpty()
			.hasSizeLessThan(30)
			.allSatisfy((key) -> assertThat(this.node.redis.exists(key)).isEqualTo(1));
		assertThat(tier().fetch(keys)).containsOnlyNulls();
		assertThat(fill("other", token, bytes("x"))).containsExactly("other");
		// The subscription may be with a master that was not restarted, and trusted all
		// along.
		assertThat(this.node.events()).hasSizeGreaterThanOrEqualTo(2)
			.allSatisfy((event) -> assertThat(event).startsWith("doubted"));
	}

	@Override
	protected CoherentTier tier() {
		return this.node.tier;
	}

	@Override
	protected void letFencesFall() {
		letExpire(Duration.ofSeconds(60));
	}

	@Override
	protected void letExpire(Duration life) {
		this.node.letPass(life);
	}

	@Override
	protected boolean keepsValues() {
		return true;
	}

}
