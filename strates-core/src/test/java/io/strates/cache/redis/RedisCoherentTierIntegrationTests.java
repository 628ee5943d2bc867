package io.strates.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.strates.cache.CoherentTier;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.CoherentTier.Lease;
import io.strates.cache.CoherentTier.Lease.State;
import io.strates.cache.CoherentTier.LeaseRequest;
import io.strates.cache.CoherentTierContract;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract on a real Redis, and what concerns stored values and two nodes. */
class RedisCoherentTierIntegrationTests extends CoherentTierContract {

	/** Not a number of seconds. */
	private static final Duration TIME_TO_LIVE = Duration.ofMillis(601_900);

	private static final Duration FENCE = Duration.ofSeconds(60);

	private final String space = "test:" + UUID.randomUUID();

	private RedisNode node;

	@BeforeEach
	void connect() {
		this.node = new RedisNode(DevRedis.shared(), this.space);
		this.node.awaitTrust();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void presentValueIsAnsweredUnlessItIsToBeReplaced() {
		String token = granted("key");
		fill("key", token, bytes("old"));

		Lease present = lease("key", true, LONG);
		Lease replacing = tier().lease(List.of(new LeaseRequest("key", true, false, LONG))).get(0);

		assertThat(present.state()).isEqualTo(State.PRESENT);
		assertThat(present.value()).isEqualTo(bytes("old"));
		assertThat(replacing).isEqualTo(new Lease(State.GRANTED, null, token));
	}

	@Test
	void valuesAreKeptNoLongerThanTheirTimeToLive() {
		String token = granted("filled");
		done(tier().fill(List.of(new Fill("filled", token, bytes("x"), TIME_TO_LIVE))));
		done(tier().begin("w", List.of("written")));
		done(tier().end("w", List.of(new CoherentTier.Ending("written", bytes("x"), TIME_TO_LIVE))));

		assertThat(this.node.redis.pttl(this.node.valueKey("filled"))).isBetween(1L, TIME_TO_LIVE.toMillis());
		assertThat(this.node.redis.pttl(this.node.valueKey("written"))).isBetween(1L, TIME_TO_LIVE.toMillis());
	}

	@Test
	void everythingInRedisExpires() {
		granted("leased");
		fill("filled", granted("filled"), bytes("x"));
		lease("loaded", true, LONG);
		done(tier().begin("w", List.of("fenced", "fenced2")));
		done(tier().begin("w2", List.of("fenced2")));
		write("w3", "written", bytes("x"));

		assertThat(this.node.redis.keys(this.space + ":*{*")).hasSizeGreaterThan(5)
			.allSatisfy((key) -> assertThat(this.node.redis.pttl(key)).as(key).isPositive());
	}

	@Test
	void anotherNodeHearsOfWritesAndTheWriterDoesNot() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space)) {
			other.awaitTrust();

			done(tier().begin("w", List.of("a:1", "b\n2")));
			other.awaitEvent("invalidated [a:1, b\n2]");
			end("w", "a:1", bytes("x"));
			done(tier().invalidate(List.of("c")));
			other.awaitEvent("invalidated [c]");
			done(other.tier.invalidate(List.of("d")));
			this.node.awaitEvent("invalidated [d]");

			assertThat(other.news()).containsExactly("invalidated [a:1, b\n2]", "invalidated [c]");
			assertThat(this.node.news()).containsExactly("invalidated [d]");
			assertThat(other.tier.channel().received()).isGreaterThanOrEqualTo(2);
			assertThat(other.tier.channel().gaps()).isZero();
		}
	}

	@Test
	void otherNodesAreToldAgainByAWriterWhoseFenceHadFallen() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space)) {
			other.awaitTrust();
			done(tier().begin("w", List.of("key")));
			letFencesFall();
			other.awaitEvent("invalidated [key]");
			other.forgetEvents();

			end("w", "key", bytes("x"));

			other.awaitEvent("invalidated [key]");
		}
	}

	@Test
	void oneNodeLoadsWhatAllWantAndAllHearThatItHas() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space)) {
			other.awaitTrust();
			Lease mine = lease("key", true, LONG);
			LeaseRequest request = new LeaseRequest("key", false, true, LONG);

			assertThat(other.tier.lease(List.of(request)).get(0)).isEqualTo(new Lease(State.AWAITED, null, null));
			fill("key", String.valueOf(mine.token()), bytes("x"));

			other.awaitEvent("landed [key]");
			this.node.awaitEvent("landed [key]");
			assertThat(other.tier.lease(List.of(request)).get(0).state()).isEqualTo(State.PRESENT);
		}
	}

	@Test
	void exclusiveLoadThatFailsOrDiesIsTakenOver() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space)) {
			other.awaitTrust();
			LeaseRequest request = new LeaseRequest("key", false, true, LONG);
			Lease mine = lease("key", true, LONG);
			fill("key", String.valueOf(mine.token()), null);
			other.awaitEvent("landed [key]");

			assertThat(other.tier.lease(List.of(request)).get(0).state()).isEqualTo(State.GRANTED);
			assertThat(lease("key", true, LONG).state()).isEqualTo(State.AWAITED);
			letExpire(LONG);
			assertThat(lease("key", true, LONG).state()).isEqualTo(State.GRANTED);
		}
	}

	@Test
	void writeEndsAnExclusiveLoadAndAllHearOfIt() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space)) {
			other.awaitTrust();
			lease("key", true, LONG);
			lease("key2", true, LONG);

			done(tier().begin("w", List.of("key")));
			done(tier().invalidate(List.of("key2")));

			other.awaitEvent("landed [key]");
			this.node.awaitEvent("landed [key]");
			this.node.awaitEvent("landed [key2]");
		}
	}

	@Test
	void anotherApplicationOnTheSameRedisSeesAndHearsNothing() {
		try (RedisNode other = new RedisNode(DevRedis.shared(), this.space + "x")) {
			other.awaitTrust();
			write("w", "key", bytes("x"));

			assertThat(other.tier.fetch(List.of("key"))).containsExactly((byte[]) null);
			done(tier().invalidate(List.of("key")));
			this.node.awaitProbes(2);
			assertThat(other.news()).isEmpty();
		}
	}

	@Test
	void scriptsThatRedisHasForgottenAreSentAgain() {
		this.node.redis.scriptFlush();

		String token = granted("key");
		this.node.redis.scriptFlush();
		fill("key", token, bytes("x"));
		this.node.redis.scriptFlush();

		assertThat(write("w", "key", bytes("y"))).isEmpty();
		assertHolds("key", bytes("y"));
	}

	@Override
	protected CoherentTier tier() {
		return this.node.tier;
	}

	@Override
	protected void letFencesFall() {
		letExpire(FENCE);
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
