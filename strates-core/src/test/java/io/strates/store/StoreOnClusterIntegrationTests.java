package io.strates.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.store.redis.RedisJournals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Stores of two nodes on one Redis Cluster, one written through and one behind. */
class StoreOnClusterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final AtomicInteger TESTS = new AtomicInteger();

	private static DevRedis redis;

	private static DevDatabase database;

	private static Machine a;

	private static Machine b;

	private final String id = "g" + TESTS.incrementAndGet();

	/** A node with a client of its own. */
	private static final class Machine implements AutoCloseable {

		private final RedisClusterClient client = RedisClusterClient
			.create(RedisURI.create(redis.host(), redis.port()));

		private final RedisCoherentTier tier = RedisCoherentTier
			.builder(this.client, "cluster", CircuitBreaker.ofDefaults("l2"))
			.timeout(Duration.ofSeconds(10))
			.build();

		private final RedisJournals journals = new RedisJournals(this.client, "cluster:", Duration.ofSeconds(10),
				CircuitBreaker.ofDefaults("journal"));

		private final StoreNode node = StoreNode.on(database)
			.entities(Gadget.class, Tally.class)
			.tier(this.tier)
			.journals(this.journals::journal)
			.build();

		private final TieredStore<Gadget, String> gadgets;

		private final TieredStore<Tally, String> tallies;

		Machine() {
			this.node.stores.add(Gadget.class);
			this.node.stores.add(Tally.class, TieredSettings.of(Tally.class).withWriteMode(WriteMode.WRITE_BEHIND));
			this.gadgets = this.node.stores.store(Gadget.class, String.class);
			this.tallies = this.node.stores.store(Tally.class, String.class);
			await().atMost(PATIENCE).until(() -> this.tier.answering() && this.tier.trusted());
		}

		@Override
		public void close() {
			this.node.close();
			this.journals.close();
			this.client.shutdown(0, 1, TimeUnit.SECONDS);
		}

	}

	@BeforeAll
	static void start() {
		redis = DevRedis.startCluster();
		database = DevPostgres.newDatabase();
		a = new Machine();
		b = new Machine();
	}

	@AfterAll
	static void stop() {
		a.close();
		b.close();
		redis.close();
	}

	private List<String> putFifty() {
		List<Gadget> all = IntStream.range(0, 50)
			.mapToObj((number) -> new Gadget(this.id + "-" + number, "v1"))
			.toList();
		a.gadgets.putAll(all);
		List<String> ids = all.stream().map((gadget) -> String.valueOf(gadget.id)).toList();
		List<String> keys = ids.stream().map("c:gadget:"::concat).toList();
		await().atMost(PATIENCE).until(() -> !a.tier.fetch(keys).contains(null));
		return ids;
	}

	@Test
	void entitiesOfAllMastersAreReadWithoutAStatement() {
		b.gadgets.find("somebody");
		List<String> ids = putFifty();
		b.node.sql();

		assertThat(b.gadgets.getAll(ids).keySet()).containsExactlyElementsOf(ids);

		assertThat(b.node.sql()).isEmpty();
	}

	@Test
	void otherNodeSeesWritesAndDeletionsOnAllMasters() {
		List<String> ids = putFifty();
		b.gadgets.getAll(ids);

		ids.subList(0, 10).forEach((each) -> a.gadgets.put(new Gadget(each, "v2")));
		ids.subList(10, 20).forEach(a.gadgets::delete);

		await().atMost(PATIENCE).untilAsserted(() -> {
			Map<String, Gadget> found = b.gadgets.getAll(ids);
			assertThat(found.keySet()).hasSize(40).doesNotContainAnyElementsOf(ids.subList(10, 20));
			assertThat(found.values()).filteredOn((gadget) -> gadget.name.equals("v2")).hasSize(10);
		});
	}

	@Test
	void otherNodeForgetsWhatIsInvalidatedOnAllMasters() {
		List<String> ids = putFifty();
		b.gadgets.getAll(ids);
		a.node.jdbc.sql("update gadget set name = 'v2' where id like ?").param(this.id + "-%").update();

		a.gadgets.invalidateAll();

		assertThat(a.gadgets.getAll(ids).values()).hasSize(50).allMatch((gadget) -> gadget.name.equals("v2"));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(b.gadgets.getAll(ids).values()).hasSize(50)
				.allMatch((gadget) -> gadget.name.equals("v2")));
	}

	@Test
	void tagIsForgottenByANodeThatReadsAllTheTimeThoughItsGuardLiesElsewhere() {
		a.gadgets.put(new Gadget(this.id, "v0", this.id, 1));
		AtomicBoolean end = new AtomicBoolean();
		CompletableFuture<?> reader = CompletableFuture.runAsync(() -> {
			while (!end.get()) {
				b.gadgets.get(this.id);
			}
		});

		for (int round = 1; round <= 20; round++) {
			String name = "v" + round;
			a.node.jdbc.sql("update gadget set name = ? where id = ?").params(name, this.id).update();
			a.gadgets.invalidateTag("owner", this.id);

			assertThat(a.gadgets.get(this.id).name).isEqualTo(name);
			await().atMost(PATIENCE).until(() -> b.gadgets.get(this.id).name.equals(name));
		}
		end.set(true);
		reader.join();
	}

	@Test
	void cachedSearchDiesWithAWriteOfTheOtherNode() {
		Search<Gadget> search = Search.matching("e.owner = :owner", Map.of("owner", this.id));
		a.gadgets.put(new Gadget(this.id + "-1", "v1", this.id, 1));
		assertThat(a.gadgets.searchCached(search)).hasSize(1);
		a.node.sql();
		assertThat(a.gadgets.searchCached(search)).hasSize(1);
		assertThat(a.node.sql()).isEmpty();

		b.gadgets.put(new Gadget(this.id + "-2", "v1", this.id, 2));

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(a.gadgets.searchCached(search)).hasSize(2));
	}

	@Test
	void queuedWritesAreReadAndFlushedByEitherNode() {
		List<Tally> all = new ArrayList<>();
		for (int number = 0; number < 50; number++) {
			all.add(new Tally(this.id + "-" + number));
		}

		a.tallies.putAll(all);

		assertThat(b.tallies.exists(this.id + "-49")).isTrue();
		b.tallies.flush();
		assertThat(b.node.jdbc.sql("select count(*) from tally").query(Long.class).single()).isEqualTo(50);
	}

}
