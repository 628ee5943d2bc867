package io.strates.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.strates.cache.CoherentTier;
import io.strates.cache.CoherentTier.Fill;
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

			assertThat(other.events()).hasSize(52).contains("invalidated [key0]", "invalidated [key49]");
			assertThat(other.tier.channel().gaps()).isZero();
		}
	}

	@Test
	void valuesAndTokensOfBeforeARestartAreNotSeenAgainAlthoughRedisHasKeptThem() {
		write("w", "key", bytes("x"));
		String token = granted("other");
		String kept = this.node.valueKey("key");

		redis.restartWithData();
		this.node.awaitTrust();

		assertThat(this.node.redis.exists(kept)).isEqualTo(1);
		assertHolds("key", null);
		assertThat(done(tier().fill(List.of(new Fill("other", token, bytes("x"), LONG))))).containsExactly("other");
		assertThat(this.node.events()).containsOnly("doubted").hasSizeGreaterThanOrEqualTo(2);
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
