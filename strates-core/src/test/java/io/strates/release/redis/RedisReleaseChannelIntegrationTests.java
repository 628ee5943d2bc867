package io.strates.release.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.dev.DevRedis;
import io.strates.release.Release;
import io.strates.release.ReleaseKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RedisReleaseChannelIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Test
	void announcementIsNewsOnEveryListeningNode() {
		DevRedis redis = DevRedis.shared();
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		try (Node one = new Node(redis, first); Node two = new Node(redis, second)) {
			await().atMost(PATIENCE).until(() -> first.get() > 0 && second.get() > 0);
			int before = second.get();

			one.channel.announce(new ReleaseOne());

			await().atMost(PATIENCE).until(() -> second.get() > before);
		}
	}

	@Test
	void listenWhileRedisIsDownReturnsAndSubscribesLater() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			AtomicInteger news = new AtomicInteger();
			CompletableFuture<Node> returned = CompletableFuture.supplyAsync(() -> {
				Node listening = new Node(redis, news);
				listening.channel.announce(new ReleaseOne());
				return listening;
			});
			try (Node node = returned.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()) {
				assertThat(news).hasValue(0);

				redis.restart();

				await().atMost(PATIENCE).until(() -> news.get() > 0);
			}
		}
	}

	@Test
	void resubscriptionAfterARestartOfRedisIsNews() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			AtomicInteger news = new AtomicInteger();
			try (Node node = new Node(redis, news)) {
				await().atMost(PATIENCE).until(() -> news.get() > 0);
				redis.stop();
				int before = news.get();

				redis.restart();

				await().atMost(PATIENCE).until(() -> news.get() > before);
			}
		}
	}

	@Test
	void otherNodesAreAskedToPrepareAndWaitedFor() {
		DevRedis redis = DevRedis.start();
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		UUID build = UUID.randomUUID();
		List<UUID> prepared = new CopyOnWriteArrayList<>();
		try (Node one = new Node(redis, first); Node two = new Node(redis, second)) {
			one.channel.onPrepare((buildStrate) -> prepared.add(UUID.randomUUID()));
			two.channel.onPrepare(prepared::add);
			await().atMost(PATIENCE).until(() -> one.channel.isListening() && two.channel.isListening());
			await().atMost(PATIENCE).until(() -> first.get() > 0 && second.get() > 0);

			one.channel.prepare(build, PATIENCE);

			assertThat(prepared).containsExactly(build);
		}
	}

	@Test
	void nodeThatCannotPrepareDoesNotHoldUpTheRelease() {
		DevRedis redis = DevRedis.start();
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		try (Node one = new Node(redis, first); Node two = new Node(redis, second)) {
			CountDownLatch never = new CountDownLatch(1);
			two.channel.onPrepare((buildStrate) -> awaitQuietly(never));
			await().atMost(PATIENCE).until(() -> first.get() > 0 && second.get() > 0);

			one.channel.prepare(UUID.randomUUID(), Duration.ofMillis(50));

			assertThat(never.getCount()).isOne();
			never.countDown();
		}
	}

	@Test
	@Timeout(60)
	void preparationWithoutRedisOrOtherNodesReturns() {
		try (DevRedis redis = DevRedis.startEmbedded(); Node alone = new Node(redis, new AtomicInteger())) {
			alone.channel.onPrepare((buildStrate) -> {
				throw new IllegalStateException("not for this node");
			});
			alone.channel.prepare(UUID.randomUUID(), PATIENCE);
			redis.stop();

			alone.channel.prepare(UUID.randomUUID(), Duration.ofMillis(50));

		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A node's channel with connections of its own. */
	private static final class Node implements AutoCloseable {

		private final LettuceConnectionFactory connections;

		private final RedisReleaseChannel channel;

		Node(DevRedis redis, AtomicInteger news) {
			this.connections = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(redis.host(), redis.port()));
			this.connections.afterPropertiesSet();
			this.connections.start();
			this.channel = new RedisReleaseChannel(this.connections, "strates:test:released");
			this.channel.listen(news::incrementAndGet);
		}

		@Override
		public void close() {
			this.channel.close();
			this.channel.close();
			this.connections.destroy();
		}

	}

	private record ReleaseOne() implements Release {

		@Override
		public String scope() {
			return "catalog";
		}

		@Override
		public String scopeId() {
			return "bookworm";
		}

		@Override
		public long number() {
			return 1;
		}

		@Override
		public UUID buildStrate() {
			return new UUID(0x7000L, 1);
		}

		@Override
		public @Nullable UUID previousStrate() {
			return null;
		}

		@Override
		public ReleaseKind kind() {
			return ReleaseKind.RELEASE;
		}

		@Override
		public @Nullable Long restoredRelease() {
			return null;
		}

		@Override
		public @Nullable Long overwrittenRelease() {
			return null;
		}

		@Override
		public @Nullable String reason() {
			return null;
		}

		@Override
		public Instant releasedAt() {
			return Instant.EPOCH;
		}

	}

}
