package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.KillArgs;
import io.strates.TcpProxy;
import io.strates.cache.CoherentTier.Ending;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.CoherentTier.LeaseRequest;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of values and of trust when Redis goes, hangs, fills up, and comes back.
 */
class RedisCoherentTierOutageIntegrationTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Duration PATIENCE = RedisNode.PATIENCE;

	private static final byte[] OLD = { 1 };

	private final String space = "test:" + UUID.randomUUID();

	@Test
	void nodeStartsWithoutRedisAndUsesItWhenItIsThere() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			try (RedisNode node = new RedisNode(redis, this.space)) {
				assertThat(node.tier.answering()).isFalse();
				assertThat(node.tier.trusted()).isFalse();
				assertUnavailable(node);

				redis.restart();

				node.awaitTrust();
				assertThat(node.tier.answering()).isTrue();
			}
		}
	}

	@Test
	void valuesAndTokensOfBeforeARestartAreNotSeenAgainAlthoughRedisHasKeptThem() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);
			String token = lease(node, "other");
			String kept = node.valueKey("key");

			redis.restartWithData();
			node.awaitTrust();

			assertThat(node.redis.exists(kept)).isEqualTo(1);
			assertThat(node.tier.fetch(List.of("key"))).containsExactly((byte[]) null);
			assertThat(done(node.tier.fill(List.of(new Fill("other", token, OLD, LONG))))).containsExactly("other");
			assertThat(node.events()).containsOnly("doubted").hasSizeGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void questionsThatWereOnTheirWayWhenRedisRestartedAreNotAnsweredByItsSuccessor() {
		try (DevRedis redis = DevRedis.startEmbedded();
				TcpProxy proxy = new TcpProxy(redis.host(), redis.port());
				RedisNode node = new RedisNode(redis, proxy.host(), proxy.port(), this.space, (tier) -> tier)) {
			node.awaitTrust();
			store(node, "key", OLD);
			proxy.holdToServer(true);
			CompletableFuture<List<byte[]>> asked = new CompletableFuture<>();
			Thread asking = new Thread(() -> asked.completeAsync(() -> node.tier.fetch(List.of("key")), Runnable::run));
			asking.start();
			await().atMost(PATIENCE).until(() -> asking.getState() == Thread.State.TIMED_WAITING);
			CompletableFuture<Void> begun = node.tier.begin("w", List.of("key"));

			redis.restartWithData();
			proxy.holdToServer(false);

			assertThat(asked).failsWithin(PATIENCE)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(TierUnavailableException.class);
			assertThat(begun).failsWithin(PATIENCE)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(TierUnavailableException.class);
			node.awaitTrust();
			assertThat(node.tier.fetch(List.of("key"))).containsExactly((byte[]) null);
		}
	}

	@Test
	void masterThatIsMasterAgainDoesNotShowWhatItHadInItsFirstTime() {
		try (DevRedis first = DevRedis.startEmbedded(); DevRedis second = DevRedis.startEmbedded()) {
			try (RedisNode node = new RedisNode(first, this.space)) {
				node.awaitTrust();
				store(node, "key", OLD);
				String kept = node.valueKey("key");
				replicate(first, second, kept);
				try (RedisNode other = new RedisNode(second, this.space)) {
					other.awaitTrust();
					assertThat(other.tier.fetch(List.of("key"))).containsExactly((byte[]) null);
					node.redis.replicaof(second.host(), second.port());
					await().atMost(PATIENCE).until(() -> node.redis.info("replication").contains("link_status:up"));
					await().atMost(PATIENCE).until(() -> !node.answers());
					node.redis.replicaofNoOne();
				}

				node.awaitTrust();

				assertThat(node.redis.exists(kept)).isEqualTo(1);
				assertThat(node.tier.fetch(List.of("key"))).containsExactly((byte[]) null);
			}
		}
	}

	private void replicate(DevRedis master, DevRedis replica, String key) {
		try (RedisNode copying = new RedisNode(replica, this.space + "-copying")) {
			copying.awaitTrust();
			copying.redis.replicaof(master.host(), master.port());
			await().atMost(PATIENCE).until(() -> copying.redis.exists(key) == 1);
			copying.redis.replicaofNoOne();
		}
	}

	@Test
	void lostSubscriptionIsDoubtedBeforeItIsTrustedAgain() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();

			node.redis.clientKill(KillArgs.Builder.typePubsub());

			await().atMost(PATIENCE).until(() -> node.events().size() > 1);
			node.awaitTrust();
			assertThat(node.events()).hasSizeGreaterThanOrEqualTo(2).containsOnly("doubted");
		}
	}

	@Test
	void lostCommandConnectionIsReplacedAndWhatWasStoredIsStillThere() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);

			node.redis.clientKill(KillArgs.Builder.typeNormal().skipme());

			await().atMost(PATIENCE).until(node::answers);
			assertThat(node.tier.fetch(List.of("key"))).containsExactly(OLD);
		}
	}

	@Test
	void messagesThatAreHeldUpCostTheTrustUntilTheyArrive() {
		try (DevRedis redis = DevRedis.startEmbedded();
				TcpProxy proxy = new TcpProxy(redis.host(), redis.port());
				RedisNode node = new RedisNode(redis, proxy.host(), proxy.port(), this.space, (tier) -> tier)) {
			node.awaitTrust();
			node.forgetEvents();

			proxy.holdToClients(true);
			await().atMost(PATIENCE).until(() -> !node.tier.trusted());
			proxy.holdToClients(false);

			node.awaitTrust();
			assertThat(node.events()).startsWith("doubted").doesNotContain("doubted while trusted");
		}
	}

	@Test
	void gapInTheMessagesOfANodeIsDoubted() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);
			publish(node, 7);
			publish(node, 8);
			node.awaitEvent("invalidated [k8]");
			assertThat(node.tier.channel().gaps()).isZero();

			publish(node, 10);
			node.awaitEvent("invalidated [k10]");

			assertThat(node.news()).containsExactly("invalidated [k7]", "invalidated [k8]", "doubted while trusted",
					"invalidated [k10]");
			assertThat(node.tier.channel().gaps()).isEqualTo(1);
		}
	}

	private void publish(RedisNode node, long sequence) {
		String epoch = node.valueKey("key").substring(this.space.length() + 1).split(":", 2)[0];
		ChannelMessage message = new ChannelMessage(ChannelMessage.Kind.INVALIDATED, "other", sequence, epoch, 0,
				List.of("k" + sequence));
		node.redis.publish(this.space + ":changes", new String(message.bytes(), StandardCharsets.UTF_8));
	}

	@Test
	void messageOfANodeInAnotherEpochIsHeededInThisOne() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);
			String token = lease(node, "other");
			ChannelMessage message = new ChannelMessage(ChannelMessage.Kind.INVALIDATED, "stranger", 1, "elsewhere", 0,
					List.of("key", "other"));

			node.redis.publish(this.space + ":changes", new String(message.bytes(), StandardCharsets.UTF_8));

			await().atMost(PATIENCE).until(() -> node.tier.fetch(List.of("key")).get(0) == null);
			assertThat(done(node.tier.fill(List.of(new Fill("other", token, OLD, LONG))))).containsExactly("other");
		}
	}

	@Test
	void messagesThatCannotBeReadAreIgnored() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();

			for (String message : List.of("", "\n", "hello", "2 INVALIDATED x 1 e 0\n", "1 NONE x 1 e 0\n",
					"1 INVALIDATED x 1 e 0\n9:k", "1 INVALIDATED x 1 e 0\nk", "1 INVALIDATED x y e 0\n",
					"1 INVALIDATED x 1 e 0\n-1:k", "x".repeat(100_000))) {
				node.redis.publish(this.space + ":changes", message);
			}
			node.awaitProbes(2);

			assertThat(node.news()).isEmpty();
			assertThat(node.tier.channel().received()).isEqualTo(10);
		}
	}

	@Test
	void hungRedisCostsTheTimeLimitAFewTimesAndThenNothingAndIsFoundWithoutTraffic() {
		try (DevRedis redis = DevRedis.startEmbedded();
				RedisNode node = new RedisNode(redis, redis.host(), redis.port(), this.space,
						(tier) -> tier.timeout(Duration.ofSeconds(1)))) {
			node.awaitTrust();
			// The limit is the subject, and a slow machine may need longer once.
			await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> store(node, "key", OLD));
			redis.suspend();

			await().atMost(PATIENCE).until(() -> {
				node.answers();
				return !node.tier.answering();
			});
			int sent = 0;
			for (int call = 0; call < 1_000; call++) {
				sent += isSent(node) ? 1 : 0;
			}
			await().atMost(PATIENCE).until(() -> !node.tier.trusted());
			redis.resume();

			// A few of the thousand may have been the breaker's attempts.
			assertThat(sent).isLessThan(100);
			await().atMost(PATIENCE).until(() -> node.tier.answering() && node.tier.trusted());
			await().atMost(PATIENCE).until(node::answers);
			await().atMost(PATIENCE)
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(node.tier.fetch(List.of("key"))).containsExactly(OLD));
		}
	}

	private static boolean isSent(RedisNode node) {
		try {
			node.tier.fetch(List.of("?"));
			return true;
		}
		catch (TierUnavailableException ex) {
			return !String.valueOf(ex.getMessage()).contains("was not sent");
		}
	}

	@Test
	void redisThatHungForLongIsUsedAgainWithWhatItHas() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);
			redis.suspend();

			// The connection is given up, since it may be that of a machine that is gone.
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThatExceptionOfType(TierUnavailableException.class)
					.isThrownBy(() -> node.tier.fetch(List.of("key")))
					.withMessageContaining("not connected"));
			redis.resume();

			node.awaitTrust();
			assertThat(node.tier.fetch(List.of("key"))).containsExactly(OLD);
		}
	}

	@Test
	void connectionsThatTheNetworkHasForgottenAreReplacedAlsoWhileTheyAreMade() {
		try (DevRedis redis = DevRedis.startEmbedded();
				TcpProxy proxy = new TcpProxy(redis.host(), redis.port());
				RedisNode node = new RedisNode(redis, proxy.host(), proxy.port(), this.space,
						(tier) -> tier.timeout(Duration.ofSeconds(2)))) {
			node.awaitTrust();

			proxy.lose();
			await().atMost(PATIENCE).until(() -> !node.tier.trusted());
			node.awaitTrust();
			proxy.holdToClients(true);
			proxy.cut();
			await().atMost(PATIENCE).until(() -> proxy.connections() >= 2);
			proxy.lose();
			proxy.holdToClients(false);

			node.awaitTrust();
		}
	}

	@Test
	void fullRedisStillTakesFencesAndKeepsNothingNew() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "written", OLD);
			store(node, "invalidated", OLD);
			String token = lease(node, "leased");
			node.redis.configSet("maxmemory", "1");

			assertThat(done(node.tier.fill(List.of(new Fill("leased", token, OLD, LONG))))).isEmpty();
			assertUnavailable(() -> lease(node, "new"));
			done(node.tier.begin("w", List.of("written", "absent")));
			done(node.tier.invalidate(List.of("invalidated")));
			assertThat(done(node.tier.end("w", List.of(new Ending("written", OLD, LONG))))).containsExactly("written");

			assertThat(node.tier.fetch(List.of("leased", "written", "absent", "invalidated"))).containsOnlyNulls();
			node.awaitProbes(2);
			await().atMost(PATIENCE).until(node.tier::trusted);
			assertThat(node.tier.answering()).isTrue();
			node.redis.configSet("maxmemory", "0");
			assertThat(done(node.tier.fill(List.of(new Fill("leased", token, OLD, LONG))))).isEmpty();
			assertThat(node.tier.fetch(List.of("leased"))).containsExactly(OLD);
		}
	}

	@Test
	void redisThatWantsAPasswordIsAway() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();

			node.redis.configSet("requirepass", "secret");
			node.redis.clientKill(KillArgs.Builder.typeNormal().skipme());

			await().atMost(PATIENCE).until(() -> !node.tier.answering());
			assertUnavailable(node);
		}
	}

	@Test
	void replicaIsAway() {
		try (DevRedis master = DevRedis.startEmbedded();
				DevRedis redis = DevRedis.startEmbedded();
				RedisNode node = new RedisNode(redis, this.space)) {
			node.awaitTrust();
			store(node, "key", OLD);

			node.redis.replicaof(master.host(), master.port());

			await().atMost(PATIENCE).until(() -> !node.tier.answering() && !node.answers() && !node.tier.trusted());
		}
	}

	@Test
	void closedTierLeavesNeitherThreadsNorConnections() {
		try (DevRedis redis = DevRedis.startEmbedded(); RedisNode watching = new RedisNode(redis, this.space)) {
			watching.awaitTrust();
			int before = clients(watching);
			Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
			try (RedisNode node = new RedisNode(redis, this.space)) {
				await().atMost(PATIENCE).until(() -> node.tier.trusted() && node.answers());

				node.tier.close();
				node.tier.close();

				await().atMost(PATIENCE)
					.until(() -> Thread.getAllStackTraces()
						.keySet()
						.stream()
						.noneMatch((thread) -> thread.getName().startsWith("strates-coherence")
								&& !threads.containsKey(thread)));
				await().atMost(PATIENCE).until(() -> clients(watching) == before);
				assertUnavailable(node);
				assertThat(node.tier.trusted()).isFalse();
			}
		}
	}

	private static int clients(RedisNode node) {
		return (int) node.redis.clientList().lines().count();
	}

	private static void assertUnavailable(RedisNode node) {
		assertUnavailable(() -> node.tier.fetch(List.of("key")));
		assertUnavailable(() -> lease(node, "key"));
		for (CompletableFuture<?> future : List.of(node.tier.begin("w", List.of("key")),
				node.tier.invalidate(List.of("key")), node.tier.fill(List.of(new Fill("key", "t", OLD, LONG))),
				node.tier.end("w", List.of(new Ending("key", OLD, LONG))))) {
			assertThat(future).failsWithin(PATIENCE)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(TierUnavailableException.class);
		}
	}

	private static void assertUnavailable(ThrowingCallable call) {
		assertThatExceptionOfType(TierUnavailableException.class).isThrownBy(call);
	}

	private static String lease(RedisNode node, String key) {
		return String.valueOf(node.tier.lease(List.of(new LeaseRequest(key, false, false, LONG))).get(0).token());
	}

	private static void store(RedisNode node, String key, byte[] value) {
		done(node.tier.begin("storing", List.of(key)));
		assertThat(done(node.tier.end("storing", List.of(new Ending(key, value, LONG))))).isEmpty();
	}

	private static <T> T done(CompletableFuture<T> future) {
		return future.orTimeout(30, TimeUnit.SECONDS).join();
	}

}
