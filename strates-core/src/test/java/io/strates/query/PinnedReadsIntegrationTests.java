package io.strates.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.cache.redis.RedisTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.entity.UnknownScopeException;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.release.RollbackTarget;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What was read from a released build, from memory. Each test has a shop of its own. */
class PinnedReadsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final AtomicInteger SHOPS = new AtomicInteger();

	private static final String NAMESPACE = UUID.randomUUID().toString();

	private static DevDatabase database;

	private static Reader reader;

	private static TestNode node;

	private final String shop = "shop-" + SHOPS.incrementAndGet();

	@BeforeAll
	static void start() {
		database = DevPostgres.newDatabase();
		node = TestNode.builder(database).logStatements().pollInterval(Duration.ofMillis(50)).build();
		reader = new Reader(node, HOUR);
	}

	@AfterAll
	static void stop() {
		reader.close();
		node.close();
	}

	private Release released(String name) {
		return node.releases.release(sealed(name));
	}

	private UUID sealed(String name) {
		try (Build build = node.builds.open("catalog", this.shop)) {
			Catalog catalog = new Catalog(1, this.shop, 3);
			build.writer().write(catalog);
			for (int id = 1; id <= 3; id++) {
				build.writer().write(new Product(id, name, id, catalog));
			}
			return build.seal().buildStrate();
		}
	}

	private String live(Object id) {
		View view = reader.queries.pinned("catalog", this.shop).get(View.class, id);
		return (view != null) ? view.name() : "nothing";
	}

	// what is read

	@Test
	void liveValueIsReadWithoutAStatementOnceItWasLoaded() {
		released("anorak");
		assertThat(live(1L)).isEqualTo("anorak");
		int loads = reader.loads.get();
		node.statements.clear();

		for (int read = 0; read < 100; read++) {
			assertThat(live(1L)).isEqualTo("anorak");
		}

		assertThat(reader.loads).hasValue(loads);
		// The watcher of this node looks at the pointers all the time.
		assertThat(node.statements.statements()).noneMatch((sql) -> sql.contains("product"))
			.noneMatch((sql) -> sql.contains(this.shop));
	}

	@Test
	void releaseOfThisNodeIsReadAtOnceAndWhatWasReadBeforeStays() {
		released("anorak");
		PinnedReads before = reader.queries.pinned("catalog", this.shop);
		assertThat(live(1L)).isEqualTo("anorak");

		Release second = released("boots");

		assertThat(live(1L)).isEqualTo("boots");
		assertThat(before.get(View.class, 1L)).isEqualTo(new View(1L, "anorak", List.of("catalog")));
		assertThat(reader.queries.pinned("catalog", this.shop).pin().release()).hasValue(second.number());
	}

	@Test
	void rollbackIsReadAtOnceFromWhatIsCachedOfTheEarlierBuild() {
		released("anorak");
		live(1L);
		released("boots");
		live(1L);
		int loads = reader.loads.get();

		node.releases.rollBack("catalog", this.shop, RollbackTarget.previous(), "wrong");

		assertThat(live(1L)).isEqualTo("anorak");
		assertThat(reader.loads).hasValue(loads);
	}

	@Test
	void idThatTheBuildDoesNotHaveIsAskedForOnce() {
		released("anorak");

		assertThat(live(99L)).isEqualTo("nothing");
		int loads = reader.loads.get();
		assertThat(live(99L)).isEqualTo("nothing");
		assertThat(reader.queries.pinned("catalog", this.shop).find(View.class, 99L)).isEmpty();

		assertThat(reader.loads).hasValue(loads);
	}

	@Test
	void severalIdsAreLoadedTogether() {
		released("anorak");
		live(2L);
		int loads = reader.loads.get();

		Map<Long, View> found = reader.queries.pinned("catalog", this.shop)
			.getAll(View.class, List.of(3L, 99L, 2L, 1L));

		assertThat(found.keySet()).containsExactly(3L, 2L, 1L);
		assertThat(reader.loads).hasValue(loads + 1);
	}

	@Test
	void earlierReleaseAndPreviewAreReadByRequest() {
		released("anorak");
		released("boots");
		UUID preview = sealed("cap");

		assertThat(reader.queries.pinned(PinRequest.release("catalog", this.shop, 1)).get(View.class, 1L))
			.extracting(View::name)
			.isEqualTo("anorak");
		assertThat(reader.queries.pinned(PinRequest.build("catalog", this.shop, preview)).get(View.class, 1L))
			.extracting(View::name)
			.isEqualTo("cap");
		assertThat(live(1L)).isEqualTo("boots");
	}

	// one unit of work, one build

	@Test
	void transactionReadsOneBuildWhateverIsReleasedMeanwhile() {
		released("anorak");
		live(1L);

		List<String> read = node.inTransaction(() -> {
			List<String> names = new ArrayList<>();
			names.add(live(1L));
			CompletableFuture.runAsync(() -> released("boots")).join();
			names.add(live(2L));
			names.add(node.queries.pinned("catalog", this.shop,
					() -> node.products.findById(3L).orElseThrow().getName()));
			return names;
		});

		assertThat(read).containsExactly("anorak", "anorak", "anorak");
		assertThat(live(1L)).isEqualTo("boots");
	}

	@Test
	void blockReadsTheBuildThatItHasPinned() {
		released("anorak");
		released("boots");

		String read = reader.queries.pinned(PinRequest.release("catalog", this.shop, 1), () -> live(1L));

		assertThat(read).isEqualTo("anorak");
	}

	@Test
	void blockThatIsClosedTwiceHidesNoOther() {
		released("anorak");
		released("boots");
		QueryService.PinHandle first = reader.queries.pin(List.of(PinRequest.release("catalog", this.shop, 1)));
		first.close();

		String read = reader.queries.pinned(PinRequest.release("catalog", this.shop, 1), () -> {
			first.close();
			return live(1L);
		});

		assertThat(read).isEqualTo("anorak");
	}

	@Test
	void readModelsAreTakenApartByTheirType() {
		released("anorak");
		PinnedReads reads = reader.queries.pinned("catalog", this.shop);

		for (int round = 0; round < 2; round++) {
			assertThat(reads.get(View.class, 1L)).isEqualTo(new View(1L, "anorak", List.of("catalog")));
			assertThat(reads.get(Name.class, 1L)).isEqualTo(new Name("anorak"));
		}
	}

	@Test
	void loadUnderAnotherPinReadsTheBuildThatIsAskedFor() {
		released("anorak");
		PinnedReads first = reader.queries.pinned("catalog", this.shop);
		released("boots");

		View view = reader.queries.pinned("catalog", this.shop, () -> first.get(View.class, 2L));

		assertThat(view).extracting(View::name).isEqualTo("anorak");
	}

	@Test
	void releaseThatIsRolledBackWithItsTransactionIsNeverLive() {
		released("anorak");
		live(1L);
		UUID next = sealed("boots");

		String inside = node.transaction.execute((transaction) -> {
			node.releases.release(next);
			String read = live(1L);
			transaction.setRollbackOnly();
			return read;
		});

		assertThat(inside).isEqualTo("boots");
		assertThat(live(1L)).isEqualTo("anorak");
		released("cap");
		assertThat(live(1L)).isEqualTo("cap");
	}

	@Test
	void releaseOfATransactionIsLiveWhenItHasCommitted() {
		released("anorak");
		live(1L);
		UUID next = sealed("boots");

		node.transaction.executeWithoutResult((transaction) -> node.releases.release(next));

		assertThat(live(1L)).isEqualTo("boots");
	}

	// two nodes

	@Test
	void otherNodeReadsTheNewReleaseOnceItKnowsOfIt() {
		released("anorak");
		try (TestNode other = TestNode.builder(database).name("node-2").pollInterval(Duration.ofMillis(50)).build();
				Reader there = new Reader(other, HOUR)) {
			Function<Object, String> read = (id) -> {
				View view = there.queries.pinned("catalog", this.shop).get(View.class, id);
				return (view != null) ? view.name() : "nothing";
			};
			assertThat(read.apply(1L)).isEqualTo("anorak");

			released("boots");

			await().atMost(PATIENCE).until(() -> read.apply(1L).equals("boots"));
		}
	}

	@Test
	void nodeThatIsOutOfTouchAsksTheDatabase() {
		released("anorak");
		try (TestNode other = TestNode.builder(database).name("node-3").build();
				Reader there = new Reader(other, Duration.ZERO)) {
			assertThat(there.queries.pinned("catalog", this.shop).get(View.class, 1L)).extracting(View::name)
				.isEqualTo("anorak");

			// That node polls every ten minutes, and has no other way to know.
			released("boots");

			assertThat(there.queries.pinned("catalog", this.shop).get(View.class, 1L)).extracting(View::name)
				.isEqualTo("boots");
		}
	}

	@Test
	void valueThatAnotherNodeLoadedIsReadFromRedis() {
		released("anorak");
		live(1L);
		live(99L);
		reader.settle();
		try (TestNode other = TestNode.builder(database).name("node-4").build();
				Reader there = new Reader(other, HOUR)) {
			assertThat(there.queries.pinned("catalog", this.shop).get(View.class, 1L))
				.isEqualTo(new View(1L, "anorak", List.of("catalog")));
			assertThat(there.queries.pinned("catalog", this.shop).get(View.class, 99L)).isNull();

			assertThat(there.loads).hasValue(0);
		}
	}

	@Test
	void releaseWhileAValueLoadsDoesNotMixBuilds() throws Exception {
		released("anorak");
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		reader.whileLoading = () -> {
			loading.countDown();
			pass(released);
		};
		CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> live(1L));
		assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
		reader.whileLoading = () -> {
		};

		released("boots");
		String during = live(1L);
		released.countDown();

		assertThat(during).isEqualTo("boots");
		assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("anorak");
		assertThat(live(1L)).isEqualTo("boots");
	}

	// the end of a build

	@Test
	void buildThatIsForgottenIsInNoTier() {
		Release release = released("anorak");
		released("boots");
		PinnedReads old = reader.queries.pinned(PinRequest.release("catalog", this.shop, release.number()));
		old.get(View.class, 1L);
		int loads = reader.loads.get();

		reader.models.forget(Set.of(release.buildStrate()));

		old.get(View.class, 1L);
		assertThat(reader.loads).hasValue(loads + 1);
	}

	// mistakes

	@Test
	void nothingReleasedIsSaid() {
		assertThatExceptionOfType(NothingReleasedException.class)
			.isThrownBy(() -> reader.queries.pinned("catalog", this.shop));
	}

	@Test
	void readModelThatIsNotDeclaredIsNamed() {
		released("anorak");

		assertThatIllegalArgumentException()
			.isThrownBy(() -> reader.queries.pinned("catalog", this.shop).get(String.class, 1L))
			.withMessage("There is no read model of type java.lang.String; declare one as a bean:"
					+ " ReadModel.of(String.class, …)");
	}

	@Test
	void idOfAnotherTypeIsNamed() {
		released("anorak");

		assertThatIllegalArgumentException()
			.isThrownBy(() -> reader.queries.pinned("catalog", this.shop).get(View.class, 1))
			.withMessage("Read model " + View.class.getName() + " has ids of type Long; '1' is a Integer");
	}

	@Test
	void declarationsThatCannotWorkAreRefused() {
		ReadModelLoader<Long, View> loader = (pin, ids) -> Map.of();
		ReadModel<Long, View> model = ReadModel.of(View.class, Long.class, "catalog", loader);

		ReadModels models = new ReadModels(Tiers.builder("faulty").build(), node.pins, node.mapping.model());
		models.declare(model);

		assertThatIllegalArgumentException().isThrownBy(() -> models.declare(model))
			.withMessage("Read model " + View.class.getName() + " is declared twice; give each a type of its own");
		assertThatExceptionOfType(UnknownScopeException.class)
			.isThrownBy(
					() -> models.declare(ReadModel.of(String.class, Long.class, "catalogue", (pin, ids) -> Map.of())))
			.withMessageContaining("'catalogue'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ReadModel.of(View.class, Object.class, "catalog", (pin, ids) -> Map.of()))
			.withMessageEndingWith("has ids of type java.lang.Object; use Long, Integer, String or UUID");
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> models.declare(ReadModel.of(Product.class, Long.class, "catalog", (pin, ids) -> Map.of())))
			.withMessageContaining("cannot share Product");
	}

	private static void pass(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Name(String name) {
	}

	record View(Long id, String name, List<String> scopes) {
	}

	/** Read models of a node on Redis. */
	private static final class Reader implements AutoCloseable {

		private final AtomicInteger loads = new AtomicInteger();

		private volatile Runnable whileLoading = () -> {
		};

		private final RedisClient client = RedisClient
			.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

		private final RedisTier redis;

		private final Tiers tiers;

		private final ReadModels models;

		private final QueryService queries;

		Reader(TestNode node, Duration staleness) {
			RedisTier redis = new RedisTier(this.client, Duration.ofSeconds(10), CircuitBreaker.ofDefaults("l2"));
			this.redis = redis;
			await().atMost(PATIENCE).ignoreExceptions().until(() -> redis.fetch(List.of("?")).size() == 1);
			this.tiers = Tiers.builder(NAMESPACE).remote(redis, JacksonCodecs.smile()).build();
			ReadModel<Long, View> views = ReadModel.of(View.class, Long.class, "catalog", (pin, ids) -> {
				this.loads.incrementAndGet();
				this.whileLoading.run();
				return node.products.findAllById(ids)
					.stream()
					.collect(Collectors.toMap(Product::getId,
							(product) -> new View(product.getId(), product.getName(), List.of(pin.scope()))));
			});
			this.models = new ReadModels(this.tiers, node.pins, node.mapping.model());
			this.models.declare(views);
			this.models.declare(ReadModel.of(Name.class, Long.class, "catalog",
					(pin, ids) -> node.products.findAllById(ids)
						.stream()
						.collect(Collectors.toMap(Product::getId, (product) -> new Name(product.getName())))));
			this.queries = node.queries().readModels(this.models).pointers(node.watcher, staleness).build();
		}

		/** Returns when Redis has taken all that was stored before. */
		void settle() {
			this.redis.fetch(List.of("?"));
		}

		@Override
		public void close() {
			this.tiers.close();
			this.client.shutdown();
		}

	}

}
