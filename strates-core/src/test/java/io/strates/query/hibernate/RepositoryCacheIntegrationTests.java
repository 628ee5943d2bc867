package io.strates.query.hibernate;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.cache.CacheStatistics;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.cache.redis.RedisTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.entity.NotPinnedException;
import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.museum.Curiosity;
import io.strates.museum.Specimen;
import io.strates.museum.Specimens;
import io.strates.query.PinRequest;
import io.strates.shop.Catalog;
import io.strates.shop.Media;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import io.strates.shop.ProductTag;
import io.strates.shop.Settings;
import io.strates.shop.Tag;
import io.strates.shop.TwoBuilds;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.PostLoad;
import jakarta.persistence.Transient;
import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.support.JpaEntityInformation;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.Repository;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** What repositories answer from memory, which cannot be told from what they read. */
class RepositoryCacheIntegrationTests {

	private static final String NAMESPACE = UUID.randomUUID().toString();

	private static DevDatabase database;

	private static TestNode node;

	private static TwoBuilds two;

	private static UUID museum;

	private Cached cached;

	@BeforeAll
	static void start() {
		database = DevPostgres.newDatabase();
		node = node("node-1");
		two = new TwoBuilds(node);
		try (Build build = node.builds.open("museum", "values")) {
			build.writer().writeAll(Specimens.plain());
			build.writer().writeAll(Specimens.odd());
			build.writer().write(new Listener(1L));
			build.writer().write(new Collector(1L));
			build.writer().write(new Chest(1L, Map.of("a", 1)));
			build.writer().write(new Chest(2L, null));
			Shy other = new Shy(2L, null);
			build.writer().write(other);
			build.writer().write(new Shy(1L, other));
			museum = build.seal().buildStrate();
		}
		node.releases.release(museum);
	}

	private static TestNode node(String name) {
		List<Class<?>> entities = new ArrayList<>(TestNode.SHOP);
		entities
			.addAll(List.of(Specimen.class, Curiosity.class, Listener.class, Collector.class, Chest.class, Shy.class));
		return TestNode.builder(database)
			.name(name)
			.entities(entities.toArray(Class<?>[]::new))
			.property("hibernate.hbm2ddl.auto", name.equals("node-1") ? "update" : "none")
			.logStatements()
			.build();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@BeforeEach
	void newCache() {
		this.cached = new Cached(node, Tiers.builder("none").build(), RepositoryCacheSettings.defaults());
	}

	/** A repository without a cache. */
	private static <R> R plain(Class<R> type) {
		return node.repositories.getRepository(type);
	}

	private ProductRepository products() {
		return this.cached.repository(ProductRepository.class);
	}

	private static <T> T pinned(TwoBuilds.State state, Callable<T> read) {
		return node.queries.pinned(state.request(), read);
	}

	private static <T> T inMuseum(Callable<T> read) {
		return node.queries.pinned("museum", "values", read);
	}

	/** What a read executes apart from what pins need. */
	private static List<String> statements(Runnable read) {
		node.statements.clear();
		read.run();
		return node.statements.statements()
			.stream()
			.filter((sql) -> !sql.contains("stratified_build") && !sql.contains("strates_release_log"))
			.toList();
	}

	private static Read product(ProductRepository products, long id) {
		return () -> pinned(two.y, () -> products.findById(id));
	}

	// hits

	@Test
	void secondReadExecutesNothing() {
		ProductRepository products = products();
		assertThat(statements(() -> product(products, 2).now())).isNotEmpty();

		List<String> all = pinned(two.y, () -> {
			node.statements.clear();
			assertThat(products.findById(2L)).get().extracting(Product::getName).isEqualTo("Y2");
			return node.statements.statements();
		});

		assertThat(all).isEmpty();
	}

	@Test
	void idThatTheBuildDoesNotHaveIsAskedForOnce() {
		Read read = product(products(), 99);
		assertThat(read.now()).isEmpty();

		assertThat(statements(() -> assertThat(read.now()).isEmpty())).isEmpty();
	}

	@Test
	void eachBuildHasItsOwn() {
		ProductRepository products = products();
		pinned(two.x, () -> products.findById(2L));
		pinned(two.y, () -> products.findById(2L));

		assertThat(pinned(two.x, () -> products.findById(2L))).get().extracting(Product::getName).isEqualTo("X2");
		assertThat(pinned(two.y, () -> products.findById(2L))).get().extracting(Product::getName).isEqualTo("Y2");
	}

	@Test
	void existenceIsKnownOfWhatWasRead() {
		ProductRepository products = products();
		pinned(two.y, () -> products.existsById(2L));
		pinned(two.y, () -> products.existsById(99L));

		assertThat(statements(() -> {
			assertThat(pinned(two.y, () -> products.existsById(2L))).isTrue();
			assertThat(pinned(two.y, () -> products.existsById(99L))).isFalse();
		})).isEmpty();
	}

	@Test
	void severalIdsAreReadWithOneStatementForWhatIsMissing() {
		ProductRepository products = products();
		List<Long> ids = List.of(3L, 99L, 1L, 3L, 2L);
		List<String> usual = pinned(two.y, () -> node.products.findAllById(ids)).stream().map(two::mark).toList();
		product(products, 1).now();

		List<String> first = statements(
				() -> assertThat(pinned(two.y, () -> products.findAllById(ids)).stream().map(two::mark).toList())
					.isEqualTo(usual));

		assertThat(first.stream().filter((sql) -> sql.contains("from product"))).hasSize(1);
		assertThat(statements(
				() -> assertThat(pinned(two.y, () -> products.findAllById(ids)).stream().map(two::mark).toList())
					.isEqualTo(usual)))
			.isEmpty();
	}

	@Test
	void sameIdTwiceIsTheSameInstanceAsEver() {
		ProductRepository products = products();

		List<Product> usual = pinned(two.y, () -> node.products.findAllById(List.of(1L, 1L)));
		List<Product> read = pinned(two.y, () -> products.findAllById(List.of(1L, 1L)));

		assertThat(usual.get(0)).isSameAs(usual.get(1));
		assertThat(read.get(0)).isSameAs(read.get(1));
	}

	@Test
	void noIdsAreNoRead() {
		assertThat(statements(() -> assertThat(pinned(two.y, () -> products().findAllById(List.of()))).isEmpty()))
			.noneMatch((sql) -> sql.contains("product"));
	}

	// whose it is

	@Test
	void changedInstanceIsNobodyElses() {
		Read read = product(products(), 2);
		Product first = read.now().orElseThrow();
		first.setName("changed");

		Product second = read.now().orElseThrow();

		assertThat(second).isNotSameAs(first);
		assertThat(second.getName()).isEqualTo("Y2");
	}

	@Test
	@SuppressWarnings("JavaUtilDate")
	void changedValueIsNobodyElses() {
		JpaRepository<Curiosity, Long> curiosities = this.cached.repository(CuriosityRepository.class);
		JpaRepository<Specimen, Long> specimens = this.cached.repository(SpecimenRepository.class);
		long bytes = Specimens.plain()
			.stream()
			.filter((each) -> each.bytes != null && each.bytes.length == 7)
			.findFirst()
			.orElseThrow()
			.getId();
		for (int round = 0; round < 3; round++) {
			Curiosity curiosity = inMuseum(() -> curiosities.findById(2L)).orElseThrow();
			Specimen specimen = inMuseum(() -> specimens.findById(bytes)).orElseThrow();

			assertThat(curiosity.date.getTime()).isEqualTo(1_234_567_890_123L);
			assertThat(curiosity.texts).startsWith("a");
			assertThat(curiosity.numbers).containsExactly(1, -2, 3);
			assertThat(specimen.bytes).startsWith(0, -1);

			curiosity.date.setTime(0);
			curiosity.texts[0] = "changed";
			curiosity.numbers.set(0, 99);
			specimen.bytes[0] = 99;
		}
	}

	@Test
	void changedDocumentIsNobodyElses() {
		JpaRepository<Chest, Long> chests = this.cached.repository(ChestRepository.class);
		for (int round = 0; round < 3; round++) {
			Chest chest = inMuseum(() -> chests.findById(1L)).orElseThrow();
			assertThat(chest.contents).containsExactly(Map.entry("a", 1));
			assertThat(inMuseum(() -> chests.findById(2L)).orElseThrow().contents).isNull();

			chest.contents.put("b", 2);
		}
		assertThat(this.cached.hits(Chest.class)).isPositive();
	}

	// what it looks like

	@Test
	void whatIsAnsweredLooksLikeWhatIsRead() {
		Map<String, Class<? extends CrudRepository<?, ?>>> catalog = Map.of("product", ProductRepository.class, "media",
				MediaRepository.class, "tag", TagRepository.class, "productTag", ProductTagRepository.class);
		catalog.forEach((name, type) -> assertSameShapes(type, two.y.request()));
		assertSameShapes(PriceRuleRepository.class, two.priceY.request());
	}

	@Test
	void valuesOfAllTypesLookAsTheyAreRead() {
		assertSameShapes(SpecimenRepository.class, PinRequest.released("museum", "values"));
		assertSameShapes(CuriosityRepository.class, PinRequest.released("museum", "values"));
		assertSameShapes(ChestRepository.class, PinRequest.released("museum", "values"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void valuesLookAsTheyAreReadOnTheOtherNodeToo(boolean smile) {
		try (TestNode other = node("node-2"); Redis redis = new Redis(smile); Redis there = new Redis(smile)) {
			Cached here = new Cached(node, redis.tiers, RepositoryCacheSettings.defaults());
			Cached far = new Cached(other, there.tiers, RepositoryCacheSettings.defaults());
			for (Class<? extends CrudRepository<?, ?>> type : List.of(SpecimenRepository.class,
					CuriosityRepository.class, ChestRepository.class)) {
				assertKnownOnTheOtherNode(redis, here, far, other, type, PinRequest.released("museum", "values"));
			}
			assertKnownOnTheOtherNode(redis, here, far, other, ProductRepository.class, two.y.request());
			assertKnownOnTheOtherNode(redis, here, far, other, MediaRepository.class, two.y.request());
			assertKnownOnTheOtherNode(redis, here, far, other, PriceRuleRepository.class, two.priceY.request());
		}
	}

	private void assertKnownOnTheOtherNode(Redis redis, Cached here, Cached far, TestNode other,
			Class<? extends CrudRepository<?, ?>> type, PinRequest pin) {
		List<Object> ids = ids(plain(type), pin);
		List<String> written = ids.stream().map((id) -> shape(here.repository(type), id, node, pin)).toList();
		redis.settle();
		CrudRepository<?, ?> there = far.repository(type);
		List<String> read = new ArrayList<>();

		List<String> statements = other.queries.pinned(pin, () -> {
			other.statements.clear();
			for (Object id : ids) {
				read.add(Shape.of(find(there, id)));
			}
			return other.statements.statements();
		});

		assertThat(read).isEqualTo(written).isNotEmpty();
		assertThat(statements).isEmpty();
	}

	private void assertSameShapes(Class<? extends CrudRepository<?, ?>> type, PinRequest pin) {
		CrudRepository<?, ?> usual = plain(type);
		CrudRepository<?, ?> kept = this.cached.repository(type);
		List<Object> ids = ids(usual, pin);
		assertThat(ids).isNotEmpty();
		for (Object id : ids) {
			String read = shape(usual, id, node, pin);
			assertThat(shape(kept, id, node, pin)).as("%s %s, missed", type.getSimpleName(), id).isEqualTo(read);
			assertThat(
					statements(() -> assertThat(shape(kept, id, node, pin)).as("%s %s, hit", type.getSimpleName(), id)
						.isEqualTo(read)))
				.noneMatch((sql) -> sql.contains("from ") && sql.contains("build_strate=?"));
		}
		Class<?> entity = this.cached.entity(type);
		assertThat(this.cached.hits(entity)).isGreaterThanOrEqualTo(ids.size());
	}

	private static List<Object> ids(CrudRepository<?, ?> repository, PinRequest pin) {
		List<Object> ids = new ArrayList<>();
		node.queries.pinned(pin, () -> {
			repository.findAll().forEach((entity) -> ids.add(((StratifiedEntity) entity).getId()));
			return ids;
		});
		return ids;
	}

	private static String shape(CrudRepository<?, ?> repository, Object id, TestNode node, PinRequest pin) {
		return node.queries.pinned(pin, () -> Shape.of(find(repository, id)));
	}

	@SuppressWarnings("unchecked")
	private static Object find(CrudRepository<?, ?> repository, Object id) {
		return ((CrudRepository<Object, Object>) repository).findById(id).orElseThrow();
	}

	@Test
	void referencesHaveTheirIdAndNothingElse() {
		ProductRepository products = products();
		product(products, 2).now();

		Product product = product(products, 2).now().orElseThrow();

		assertThat(Hibernate.isInitialized(product.getSuccessor())).isFalse();
		assertThat(((HibernateProxy) product.getCatalog()).getHibernateLazyInitializer().getIdentifier())
			.isEqualTo(new io.strates.entity.LongStrateKey(1L, two.y.build()));
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(() -> product.getSuccessor().getName());
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(() -> product.getTags().size());
	}

	@Test
	void whatIsReadTogetherRefersToEachOther() {
		ProductRepository products = products();
		List<Product> usual = pinned(two.y, () -> node.products.findAllById(List.of(1L, 2L, 3L)));
		pinned(two.y, () -> products.findAllById(List.of(1L, 2L, 3L)));

		List<Product> read = pinned(two.y, () -> products.findAllById(List.of(1L, 2L, 3L)));

		assertThat(read.stream().map(RepositoryCacheIntegrationTests::successor).toList())
			.isEqualTo(usual.stream().map(RepositoryCacheIntegrationTests::successor).toList());
	}

	private static String successor(Product product) {
		Product successor = product.getSuccessor();
		return (successor == null) ? "none" : Hibernate.isInitialized(successor) ? successor.getName() : "unread";
	}

	@Test
	void detachedInstanceIsWrittenAsEver() {
		ProductRepository products = products();
		product(products, 2).now();
		Product kept = product(products, 2).now().orElseThrow();
		Product usual = product(node.products, 2).now().orElseThrow();
		kept.setPrice(7);
		usual.setPrice(7);

		assertThat(messageOf(() -> pinned(two.y, () -> products.save(kept))))
			.isEqualTo(messageOf(() -> pinned(two.y, () -> node.products.save(usual))))
			.isNotEmpty();
		assertThat(messageOf(() -> pinned(two.y, () -> {
			products.delete(kept);
			return true;
		}))).isEqualTo(messageOf(() -> pinned(two.y, () -> {
			node.products.delete(usual);
			return true;
		}))).isNotEmpty();
	}

	@Test
	void detachedInstanceIsMergedIntoASessionAsEver() {
		ProductRepository products = products();
		product(products, 2).now();
		Product kept = product(products, 2).now().orElseThrow();

		String merged = pinned(two.y, () -> node.inTransaction(() -> {
			EntityManager entities = node.entityManager();
			Product managed = entities.merge(kept);
			return managed.getName() + managed.getTags().size() + managed.getCatalog().getShop();
		}));

		String usual = pinned(two.y, () -> node.inTransaction(() -> {
			Product managed = node.products.findById(2L).orElseThrow();
			return managed.getName() + managed.getTags().size() + managed.getCatalog().getShop();
		}));
		assertThat(merged).isEqualTo(usual);
	}

	private static String messageOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		Throwable thrown = catchThrowable(call);
		return (thrown != null) ? thrown.getClass().getName() + thrown.getMessage() : "";
	}

	// when it is not asked

	@Test
	void readWithoutAPinFailsAsEver() {
		ProductRepository products = products();
		product(products, 2).now();

		assertThatExceptionOfType(NotPinnedException.class).isThrownBy(() -> products.findById(2L));
		assertThatExceptionOfType(NotPinnedException.class).isThrownBy(() -> products.findAllById(List.of(2L)));
		assertThatExceptionOfType(NotPinnedException.class).isThrownBy(() -> products.existsById(2L));
	}

	@Test
	void transactionReadsManagedInstances() {
		ProductRepository products = products();
		product(products, 2).now();

		boolean managed = pinned(two.y,
				() -> node.inTransaction(() -> node.entityManager().contains(products.findById(2L).orElseThrow())
						&& node.entityManager().contains(products.findAllById(List.of(2L)).get(0))));

		assertThat(managed).isTrue();
	}

	@Test
	void openSessionReadsManagedInstances() {
		ProductRepository products = products();
		product(products, 2).now();
		EntityManager session = node.entityManagerFactory.createEntityManager();
		TransactionSynchronizationManager.bindResource(node.entityManagerFactory, new EntityManagerHolder(session));
		try {
			assertThat(session.contains(product(products, 2).now().orElseThrow())).isTrue();
		}
		finally {
			TransactionSynchronizationManager.unbindResource(node.entityManagerFactory);
			session.close();
		}
	}

	@Test
	void buildThatIsBeingWrittenIsReadAsItIs() {
		ProductRepository products = products();
		try (Build build = node.builds.open("catalog", "open")) {
			Catalog catalog = new Catalog(1, "open", 1);
			build.writer().write(catalog);
			build.run(() -> assertThat(products.findById(1L)).isEmpty());
			build.writer().write(new Product(1, "late", 1, catalog));
			build.writer().flush();

			build.run(() -> assertThat(products.findById(1L)).isPresent());
			build.run(() -> assertThat(products.findAllById(List.of(1L))).hasSize(1));
		}
		assertThat(this.cached.statistics(Product.class).loads()).isZero();
	}

	@Test
	void wholeKeyReadsAsEver() {
		@SuppressWarnings({ "unchecked", "rawtypes" })
		CrudRepository<Product, Object> products = (CrudRepository) products();
		Object key = new io.strates.entity.LongStrateKey(2L, two.x.build());
		product(products(), 2).now();

		assertThat(pinned(two.y, () -> products.findById(key))).get().extracting(Product::getName).isEqualTo("X2");
	}

	@Test
	void entityThatHoldsMoreThanItsRowIsReadEachTime() {
		for (Class<? extends CrudRepository<?, Long>> type : List.of(ListenerRepository.class,
				CollectorRepository.class)) {
			CrudRepository<?, Long> repository = this.cached.repository(type);
			inMuseum(() -> repository.findById(1L));

			assertThat(statements(() -> assertThat(inMuseum(() -> repository.findById(1L))).isPresent())).as("%s", type)
				.isNotEmpty();
		}
		CatalogRepository catalogs = this.cached.repository(CatalogRepository.class);
		pinned(two.y, () -> catalogs.findById(1L));
		assertThat(pinned(two.y, () -> catalogs.findById(1L)).orElseThrow().getSettings()).isNotNull()
			.extracting(Settings::getId)
			.isNotNull();
		assertThat(this.cached.names()).isEmpty();
	}

	@Test
	void entityThatCannotBeTakenApartIsReadEachTime() {
		CrudRepository<Shy, Long> shy = this.cached.repository(ShyRepository.class);

		for (int round = 0; round < 2; round++) {
			assertThat(statements(() -> assertThat(inMuseum(() -> shy.findById(1L))).isPresent())).isNotEmpty();
			assertThat(inMuseum(() -> shy.findAllById(List.of(1L)))).hasSize(1);
		}
		assertThat(this.cached.statistics(Shy.class).loads()).isEqualTo(1);
	}

	@Test
	void methodThatTheApplicationHasMadeItsOwnIsNotAnswered() {
		for (Class<? extends Repository<Product, Long>> type : List.of(Graphed.class, Queried.class, Defaulted.class,
				Listed.class)) {
			Repository<Product, Long> repository = this.cached.repository(type);
			readTwo(repository);

			assertThat(statements(() -> readTwo(repository))).as("%s", type).isNotEmpty();
		}
		assertThat(statements(
				() -> pinned(two.y, () -> node.inTransaction(() -> this.cached.repository(Locked.class).findById(2L)))))
			.anyMatch((sql) -> sql.contains("for "));
	}

	@SuppressWarnings("unchecked")
	private static void readTwo(Repository<Product, Long> repository) {
		if (repository instanceof Listed listed) {
			pinned(two.y, () -> listed.findAllById(List.of(2L)));
		}
		else {
			pinned(two.y, () -> ((CrudRepository<Product, Long>) repository).findById(2L));
		}
	}

	@Test
	void methodsThatAreMerelyDeclaredAreAnswered() {
		Declared products = this.cached.repository(Declared.class);
		pinned(two.y, () -> products.findById(2L));

		assertThat(statements(() -> assertThat(pinned(two.y, () -> products.findById(2L))).isPresent())).isEmpty();
	}

	@Test
	void baseClassOfTheApplicationIsAsked() {
		this.cached.factory.setRepositoryBaseClass(OwnBase.class);
		ProductRepository products = products();
		product(products, 2).now();

		assertThat(product(products, 2).now()).get().extracting(Product::getName).isEqualTo("own");
	}

	@Test
	void queriesOfTheApplicationAreAsEver() {
		ProductRepository products = products();
		product(products, 1).now();

		assertThat(pinned(two.y, () -> products.findByPriceLessThanOrderById(1_000_000)).stream().map(two::mark))
			.containsExactlyElementsOf(two.y.productMarks());
		assertThat(statements(() -> pinned(two.y, products::count))).isNotEmpty();
	}

	@Test
	void entityThatIsExceptedIsReadEachTime() {
		RepositoryCacheSettings defaults = RepositoryCacheSettings.defaults();
		for (RepositoryCacheSettings settings : List.of(
				new RepositoryCacheSettings(100, defaults.remoteTimeToLive(), defaults.loadTimeout(),
						Set.of("Product")),
				new RepositoryCacheSettings(100, defaults.remoteTimeToLive(), defaults.loadTimeout(),
						Set.of(Product.class.getName())),
				new RepositoryCacheSettings(0, defaults.remoteTimeToLive(), defaults.loadTimeout(), Set.of()))) {
			Cached off = new Cached(node, Tiers.builder("off").build(), settings);
			Read read = product(off.repository(ProductRepository.class), 2);
			read.now();

			assertThat(statements(read::now)).isNotEmpty();
		}
	}

	// the end of a build

	@Test
	void buildThatIsForgottenIsReadAgain() {
		Read read = product(products(), 2);
		read.now();

		this.cached.cache.forget(Set.of(two.y.build()));

		assertThat(statements(read::now)).isNotEmpty();
	}

	/** A way to read a product. */
	private interface Read {

		Optional<Product> now();

	}

	/** Repositories of a node, with a cache in front. */
	private static final class Cached {

		private final Tiers tiers;

		private final RepositoryCache cache;

		private final JpaRepositoryFactory factory;

		Cached(TestNode node, Tiers tiers, RepositoryCacheSettings settings) {
			this.tiers = tiers;
			this.cache = new RepositoryCache(tiers, settings);
			this.factory = node.plainRepositories();
			this.factory.setRepositoryBaseClass(StratifiedJpaRepository.class);
			this.factory.addRepositoryProxyPostProcessor(this.cache);
		}

		<R> R repository(Class<R> type) {
			return this.factory.getRepository(type);
		}

		List<String> names() {
			return this.tiers.statistics().stream().map(CacheStatistics::name).toList();
		}

		CacheStatistics statistics(Class<?> entity) {
			return this.tiers.statistics(entity.getName());
		}

		long hits(Class<?> entity) {
			return statistics(entity).localHits();
		}

		Class<?> entity(Class<?> repository) {
			return org.springframework.data.repository.core.support.AbstractRepositoryMetadata.getMetadata(repository)
				.getDomainType();
		}

	}

	/** The second tier. */
	private static final class Redis implements AutoCloseable {

		private final RedisClient client = RedisClient
			.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

		private final Tiers tiers;

		private final RedisTier redis;

		Redis(boolean smile) {
			RedisTier redis = new RedisTier(this.client, Duration.ofSeconds(10), CircuitBreaker.ofDefaults("l2"));
			this.redis = redis;
			await().atMost(Duration.ofSeconds(30))
				.ignoreExceptions()
				.until(() -> redis.fetch(List.of("?")).size() == 1);
			this.tiers = Tiers.builder(NAMESPACE)
				.remote(redis, smile ? JacksonCodecs.smile() : JacksonCodecs.json())
				.build();
		}

		/** Returns when what was stored is there: a connection keeps its order. */
		void settle() {
			this.redis.fetch(List.of("?"));
		}

		@Override
		public void close() {
			this.tiers.close();
			this.client.shutdown();
		}

	}

	/** Tells of every field of an instance what can be seen of it. */
	private static final class Shape {

		private Shape() {
		}

		static String of(@Nullable Object value) {
			if (value == null) {
				return "null";
			}
			if (value instanceof HibernateProxy proxy) {
				LazyInitializer lazy = proxy.getHibernateLazyInitializer();
				return "reference to " + lazy.getEntityName() + " " + lazy.getInternalIdentifier() + " "
						+ lazy.isUninitialized() + " " + lazy.getSession() + " " + proxy.getClass().getSuperclass();
			}
			if (value instanceof PersistentCollection<?> collection) {
				return collection.getClass() + " " + collection.wasInitialized() + " " + collection.getRole() + " "
						+ collection.getKey() + " " + collection.isDirty() + " " + collection.getStoredSnapshot();
			}
			if (value instanceof StratifiedEntity || value.getClass().isAnnotationPresent(Embeddable.class)) {
				return fields(value);
			}
			return value.getClass().isArray() ? array(value) : value.getClass().getName() + " " + value;
		}

		private static String array(Object array) {
			return array.getClass() + Stream.of(array)
				.map((each) -> (each instanceof Object[] objects) ? Arrays.toString(objects)
						: Arrays.toString((byte[]) each))
				.toList()
				.toString();
		}

		private static String fields(Object instance) {
			Map<String, String> fields = new TreeMap<>();
			for (Class<?> type = instance.getClass(); type != null; type = type.getSuperclass()) {
				for (Field field : type.getDeclaredFields()) {
					if (!Modifier.isStatic(field.getModifiers())) {
						fields.put(type.getSimpleName() + "." + field.getName(), of(get(field, instance)));
					}
				}
			}
			return instance.getClass() + fields.toString();
		}

		private static @Nullable Object get(Field field, Object instance) {
			try {
				field.setAccessible(true);
				return field.get(instance);
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	interface MediaRepository extends JpaRepository<Media, Long> {

	}

	interface TagRepository extends JpaRepository<Tag, String> {

	}

	interface ProductTagRepository extends JpaRepository<ProductTag, Integer> {

	}

	interface PriceRuleRepository extends JpaRepository<PriceRule, Integer> {

	}

	interface CatalogRepository extends JpaRepository<Catalog, Long> {

	}

	interface SpecimenRepository extends JpaRepository<Specimen, Long> {

	}

	interface CuriosityRepository extends JpaRepository<Curiosity, Long> {

	}

	interface ListenerRepository extends JpaRepository<Listener, Long> {

	}

	interface CollectorRepository extends JpaRepository<Collector, Long> {

	}

	interface ShyRepository extends JpaRepository<Shy, Long> {

	}

	interface ChestRepository extends JpaRepository<Chest, Long> {

	}

	interface Graphed extends JpaRepository<Product, Long> {

		@Override
		@EntityGraph(attributePaths = "catalog")
		Optional<Product> findById(Long id);

	}

	interface Queried extends JpaRepository<Product, Long> {

		@Override
		@Query("from Product p where p.id = :id")
		Optional<Product> findById(Long id);

	}

	interface Locked extends JpaRepository<Product, Long> {

		@Override
		@Lock(LockModeType.PESSIMISTIC_READ)
		Optional<Product> findById(Long id);

	}

	interface Defaulted extends JpaRepository<Product, Long> {

		@Override
		default Optional<Product> findById(Long id) {
			return findAll().stream().filter((product) -> product.getId().equals(id)).findFirst();
		}

	}

	interface Listed extends Repository<Product, Long> {

		Set<Product> findAllById(Iterable<Long> ids);

	}

	interface Declared extends JpaRepository<Product, Long> {

		@Override
		Optional<Product> findById(Long id);

	}

	/** A base class of an application. */
	static class OwnBase<T, ID> extends StratifiedJpaRepository<T, ID> {

		OwnBase(JpaEntityInformation<T, ?> information, EntityManager entityManager) {
			super(information, entityManager);
		}

		@Override
		public Optional<T> findById(ID id) {
			Optional<T> found = super.findById(id);
			found.ifPresent((entity) -> ((Product) entity).setName("own"));
			return found;
		}

	}

	/** Does something when it is read. */
	@Entity(name = "Listener")
	@Stratified(scope = "museum")
	static class Listener extends StratifiedEntity {

		@Id
		private Long id;

		@Transient
		private boolean heard;

		protected Listener() {
		}

		Listener(Long id) {
			this.id = id;
		}

		@PostLoad
		void hear() {
			this.heard = true;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	/** Comes with its elements. */
	@Entity(name = "Collector")
	@Stratified(scope = "museum")
	static class Collector extends StratifiedEntity {

		@Id
		private Long id;

		@ElementCollection(fetch = FetchType.EAGER)
		private Set<String> elements = Set.of("one");

		protected Collector() {
		}

		Collector(Long id) {
			this.id = id;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	/** Cannot be looked at where it is detached. */
	@Entity(name = "Shy")
	@Access(AccessType.PROPERTY)
	@Stratified(scope = "museum")
	static class Shy extends StratifiedEntity {

		private Long id;

		private @Nullable Shy other;

		protected Shy() {
		}

		Shy(Long id, @Nullable Shy other) {
			this.id = id;
			this.other = other;
		}

		@Id
		@Override
		public Long getId() {
			return this.id;
		}

		protected void setId(Long id) {
			this.id = id;
		}

		@ManyToOne(fetch = FetchType.LAZY)
		public @Nullable Shy getOther() {
			return this.other;
		}

		protected void setOther(@Nullable Shy other) {
			this.other = other;
		}

		public @Nullable String getName() {
			return (this.other != null) ? this.other.getName() + "'s" : "nobody";
		}

		protected void setName(@Nullable String name) {
			// follows from the other
		}

	}

	/** Holds a document. */
	@Entity(name = "Chest")
	@Stratified(scope = "museum")
	static class Chest extends StratifiedEntity {

		@Id
		private Long id;

		@org.hibernate.annotations.JdbcTypeCode(org.hibernate.type.SqlTypes.JSON)
		private @Nullable Map<String, Integer> contents;

		protected Chest() {
		}

		Chest(Long id, @Nullable Map<String, Integer> contents) {
			this.id = id;
			this.contents = contents;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

}
