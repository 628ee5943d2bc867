package io.strates.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.strates.TestNode;
import io.strates.build.BuildInfo;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.release.redis.RedisReleaseChannel;
import io.strates.shop.ShopStates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every node is told of every release once and in order, with Redis and without. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReleaseWatcherIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration OFTEN = Duration.ofMillis(100);

	private static final Duration NEVER = Duration.ofHours(10);

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterAll
	static void stop() {
		threads.shutdownNow();
	}

	@Test
	void thePollTellsOfReleasesOfOtherNodesOnceAndInOrder() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").pollInterval(OFTEN).build();
				TestNode two = TestNode.builder(database).name("two").pollInterval(OFTEN).build();
				TestNode three = TestNode.builder(database).name("three").pollInterval(OFTEN).build()) {
			releaseFromBoth(one, two, 30);

			for (TestNode node : List.of(one, two, three)) {
				assertToldOfAll(node, 30);
			}
		}
	}

	@Test
	void nodeIsInTouchForAsLongAsItMayBeAndNeverForNoTimeAtAll() {
		try (TestNode node = TestNode.builder(DevPostgres.newDatabase()).pollInterval(OFTEN).build()) {
			assertThat(node.watcher.inTouch(NEVER).getAsBoolean()).isTrue();
			assertThat(node.watcher.inTouch(Duration.ZERO).getAsBoolean()).isFalse();
		}
	}

	@Test
	void redisTellsOfReleasesOfOtherNodesOnceAndInOrder() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (Channel first = new Channel(DevRedis.shared(), "told");
				Channel second = new Channel(DevRedis.shared(), "told")) {
			try (TestNode one = TestNode.builder(database)
				.name("one")
				.pollInterval(NEVER)
				.channel(first.channel)
				.build();
					TestNode two = TestNode.builder(database)
						.name("two")
						.pollInterval(NEVER)
						.channel(second.channel)
						.build()) {
				releaseFromBoth(one, two, 30);

				assertToldOfAll(one, 30);
				assertToldOfAll(two, 30);
			}
		}
	}

	@Test
	void redisThatIsDownAtTheStartLosesNothing() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			try (Channel first = new Channel(redis, "down");
					Channel second = new Channel(redis, "down");
					TestNode one = TestNode.builder(database)
						.name("one")
						.pollInterval(NEVER)
						.channel(first.channel)
						.build();
					TestNode two = TestNode.builder(database)
						.name("two")
						.pollInterval(NEVER)
						.channel(second.channel)
						.build()) {
				releaseFromBoth(one, two, 6);
				redis.restart();

				assertToldOfAll(one, 6);
				assertToldOfAll(two, 6);
			}
		}
	}

	@Test
	void redisThatIsRestartedLosesAndRepeatsNothing() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (DevRedis redis = DevRedis.startEmbedded();
				Channel first = new Channel(redis, "again");
				Channel second = new Channel(redis, "again");
				TestNode one = TestNode.builder(database)
					.name("one")
					.pollInterval(NEVER)
					.channel(first.channel)
					.build();
				TestNode two = TestNode.builder(database)
					.name("two")
					.pollInterval(NEVER)
					.channel(second.channel)
					.build()) {
			releaseFromBoth(one, two, 4);
			assertToldOfAll(one, 4);
			assertToldOfAll(two, 4);
			redis.stop();
			releaseFromBoth(one, two, 4);
			redis.restart();
			assertToldOfAll(one, 8);
			assertToldOfAll(two, 8);
			releaseFromBoth(one, two, 4);

			assertToldOfAll(one, 12);
			assertToldOfAll(two, 12);
		}
	}

	@Test
	void thePollFindsWhatRedisDidNotTell() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (DevRedis redis = DevRedis.startEmbedded();
				Channel first = new Channel(redis, "lost");
				TestNode one = TestNode.builder(database)
					.name("one")
					.pollInterval(OFTEN)
					.channel(first.channel)
					.build();
				TestNode silent = TestNode.builder(database).name("silent").pollInterval(NEVER).build()) {
			redis.stop();

			releaseFromBoth(silent, silent, 5);

			assertToldOfAll(one, 5);
		}
	}

	@Test
	void releasesBeforeTheStartAreNotTold() {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").build()) {
			ShopStates.released(one, "shop", 1);
			try (TestNode late = TestNode.builder(database).name("late").pollInterval(OFTEN).build()) {
				Release second = ShopStates.released(one, "shop", 2);

				await().atMost(PATIENCE).until(() -> !late.told.isEmpty());
				assertThat(late.told).containsExactly(second);
			}
		}
	}

	@Test
	void aPointerThatMovedLongAgoIsFoundAfterAPause() {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").build()) {
			ShopStates.released(one, "shop", 1);
			setBack(one, "6 hours");
			try (TestNode paused = TestNode.builder(database)
				.name("paused")
				.pollInterval(Duration.ofSeconds(1))
				.build()) {
				Release second = one.inTransaction(() -> {
					Release release = ShopStates.released(one, "shop", 2);
					// as if the node had slept for three hours since
					one.jdbc.sql("update released_strates set released_at = released_at - interval '3 hours'").update();
					one.jdbc
						.sql("update strates_release_log set released_at = released_at - interval '3 hours'"
								+ " where release_no = 2")
						.update();
					return release;
				});

				await().atMost(PATIENCE).until(() -> !paused.told.isEmpty());
				assertThat(paused.told).extracting(Release::number).containsExactly(second.number());
			}
		}
	}

	private static void setBack(TestNode node, String interval) {
		for (String table : List.of("released_strates", "strates_release_log")) {
			node.jdbc.sql("update " + table + " set released_at = released_at - interval '" + interval + "'").update();
		}
	}

	@Test
	void aListenerThatThrowsNeitherUndoesTheReleaseNorSilencesTheOthers() {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").releaseListener((release) -> {
			throw new IllegalStateException("no");
		}).releaseListener((release) -> {
			throw new AssertionError("not at all");
		}).build();
				TestNode two = TestNode.builder(database).name("two").pollInterval(OFTEN).releaseListener((release) -> {
					throw new NoClassDefFoundError("gone");
				}).build()) {
			releaseAll(one, 3, "shop 0");
			assertThat(one.told).extracting(Release::number).containsExactly(1L, 2L, 3L);
			await().atMost(PATIENCE).until(() -> two.told.size() == 3);
			releaseAll(one, 1, "shop 0");

			await().atMost(PATIENCE).until(() -> two.told.size() == 4);
			assertThat(one.releases.current("catalog", "shop 0"))
				.hasValueSatisfying((live) -> assertThat(live.number()).isEqualTo(4));
		}
	}

	@Test
	void aListenerThatReleasesIsToldInOrderToo() {
		DevDatabase database = DevPostgres.newDatabase();
		List<Long> first = new CopyOnWriteArrayList<>();
		TestNode[] own = new TestNode[1];
		own[0] = TestNode.builder(database).name("one").releaseListener((release) -> {
			first.add(release.number());
			if (release.number() < 3) {
				ShopStates.released(own[0], "shop", 1);
			}
		}).build();
		try (TestNode node = own[0]) {
			ShopStates.released(node, "shop", 1);

			assertThat(first).containsExactly(1L, 2L, 3L);
			assertThat(node.told).extracting(Release::number).containsExactly(1L, 2L, 3L);
		}
	}

	@Test
	void aListenerMayWaitForAThreadThatReleases() {
		DevDatabase database = DevPostgres.newDatabase();
		TestNode[] own = new TestNode[1];
		List<String> waited = new CopyOnWriteArrayList<>();
		own[0] = TestNode.builder(database).name("one").releaseListener((release) -> {
			if (release.scopeId().equals("first")) {
				Future<Release> other = threads.submit(() -> ShopStates.released(own[0], "second", 1));
				assertThat(other).succeedsWithin(Duration.ofSeconds(30));
				waited.add("second");
			}
		}).build();
		try (TestNode node = own[0]) {
			ShopStates.released(node, "first", 1);

			assertThat(waited).containsExactly("second");
			assertThat(node.told).extracting(Release::scopeId).containsExactly("first", "second");
		}
	}

	@Test
	void aSlowListenerHoldsUpNeitherOtherReleasesNorThePoll() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		CountDownLatch slow = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		try (TestNode one = TestNode.builder(database).name("one").pollInterval(OFTEN).releaseListener((release) -> {
			if (release.scopeId().equals("slow")) {
				slow.countDown();
				pauseUntil(goOn);
			}
		}).build(); TestNode two = TestNode.builder(database).name("two").build()) {
			Future<Release> first = threads.submit(() -> ShopStates.released(one, "slow", 1));
			slow.await();
			ShopStates.released(one, "shop", 1);
			ShopStates.released(two, "shop", 1);
			ShopStates.released(two, "shop", 1);

			goOn.countDown();

			assertThat(first).succeedsWithin(PATIENCE);
			await().atMost(PATIENCE).until(() -> one.told.size() == 4);
			assertThat(one.told).filteredOn((release) -> release.scopeId().equals("shop"))
				.extracting(Release::number)
				.containsExactly(1L, 2L, 3L);
		}
	}

	private static void pauseUntil(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aFailedLookIsMadeUpFor() {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").build();
				TestNode two = TestNode.builder(database).name("two").pollInterval(OFTEN).poolSize(1).build()) {
			one.jdbc.sql("alter table strates_release_log rename to hidden").update();
			one.jdbc.sql("alter table released_strates rename to hidden_too").update();
			await().atMost(PATIENCE)
				.until(() -> one
					.count("select xact_rollback from pg_stat_database where datname = current_database()") > 2);
			one.jdbc.sql("alter table hidden rename to strates_release_log").update();
			one.jdbc.sql("alter table hidden_too rename to released_strates").update();

			ShopStates.released(one, "shop", 1);

			await().atMost(PATIENCE).until(() -> two.told.size() == 1);
		}
	}

	@Test
	void everyReleaseOfManyThreadsIsToldOnceAndInOrder() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode one = TestNode.builder(database).name("one").pollInterval(Duration.ofMillis(5)).build();
				TestNode two = TestNode.builder(database).name("two").pollInterval(Duration.ofMillis(5)).build()) {
			CyclicBarrier barrier = new CyclicBarrier(4);
			List<Future<?>> work = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				TestNode node = (thread % 2 == 0) ? one : two;
				String scopeId = "shop " + thread;
				work.add(threads.submit(() -> {
					barrier.await();
					releaseAll(node, 15, scopeId);
					return true;
				}));
			}
			for (Future<?> each : work) {
				each.get();
			}

			for (TestNode node : List.of(one, two)) {
				await().atMost(PATIENCE).until(() -> node.told.size() >= 60);
				for (int thread = 0; thread < 4; thread++) {
					String scopeId = "shop " + thread;
					assertThat(node.told).filteredOn((release) -> release.scopeId().equals(scopeId))
						.extracting(Release::number)
						.containsExactlyElementsOf(LongStream.rangeClosed(1, 15).boxed().toList());
				}
			}
		}
	}

	/** Both nodes release the same scope id in turn. */
	private static void releaseFromBoth(TestNode one, TestNode two, int releases) {
		for (int i = 0; i < releases; i++) {
			releaseAll((i % 2 == 0) ? one : two, 1, "shop");
		}
	}

	private static void releaseAll(TestNode node, int releases, String scopeId) {
		for (int i = 0; i < releases; i++) {
			BuildInfo build = ShopStates.sealed(node, scopeId, 1);
			node.releases.release(build.buildStrate());
		}
	}

	private static void assertToldOfAll(TestNode node, int releases) {
		await().atMost(PATIENCE).until(() -> node.told.size() >= releases);
		assertThat(node.told).isEqualTo(node.inTransaction(() -> node.releaseTable.after("catalog", "shop", 0)));
	}

	/** A node's channel with connections of its own. */
	private static final class Channel implements AutoCloseable {

		private final LettuceConnectionFactory connections;

		private final RedisReleaseChannel channel;

		Channel(DevRedis redis, String name) {
			this.connections = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(redis.host(), redis.port()));
			this.connections.afterPropertiesSet();
			this.connections.start();
			this.channel = new RedisReleaseChannel(this.connections, "strates:test:" + name);
		}

		@Override
		public void close() {
			this.channel.close();
			this.connections.destroy();
		}

	}

}
