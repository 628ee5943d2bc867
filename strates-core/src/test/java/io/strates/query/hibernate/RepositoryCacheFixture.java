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
import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.museum.Curiosity;
import io.strates.museum.Specimen;
import io.strates.museum.Specimens;
import io.strates.query.PinRequest;
import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import io.strates.shop.TwoBuilds;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.PostLoad;
import jakarta.persistence.Transient;
import org.hibernate.Hibernate;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.Repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A node whose repositories answer from memory, on a museum and on two builds of a shop.
 */
abstract class RepositoryCacheFixture {

	static final String NAMESPACE = UUID.randomUUID().toString();

	static DevDatabase database;

	static TestNode node;

	static TwoBuilds two;

	static UUID museum;

	Cached cached;

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

	static TestNode node(String name) {
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
	static <R> R plain(Class<R> type) {
		return node.repositories.getRepository(type);
	}

	ProductRepository products() {
		return this.cached.repository(ProductRepository.class);
	}

	static <T> T pinned(TwoBuilds.State state, Callable<T> read) {
		return node.queries.pinned(state.request(), read);
	}

	static <T> T inMuseum(Callable<T> read) {
		return node.queries.pinned("museum", "values", read);
	}

	/** What a read executes apart from what pins need. */
	static List<String> statements(Runnable read) {
		node.statements.clear();
		read.run();
		return node.statements.statements()
			.stream()
			.filter((sql) -> !sql.contains("stratified_build") && !sql.contains("strates_release_log"))
			.toList();
	}

	static Read product(ProductRepository products, long id) {
		return () -> pinned(two.y, () -> products.findById(id));
	}

	void assertKnownOnTheOtherNode(Redis redis, Cached here, Cached far, TestNode other,
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

	void assertSameShapes(Class<? extends CrudRepository<?, ?>> type, PinRequest pin) {
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

	static List<Object> ids(CrudRepository<?, ?> repository, PinRequest pin) {
		List<Object> ids = new ArrayList<>();
		node.queries.pinned(pin, () -> {
			repository.findAll().forEach((entity) -> ids.add(((StratifiedEntity) entity).getId()));
			return ids;
		});
		return ids;
	}

	static String shape(CrudRepository<?, ?> repository, Object id, TestNode node, PinRequest pin) {
		return node.queries.pinned(pin, () -> Shape.of(find(repository, id)));
	}

	@SuppressWarnings("unchecked")
	static Object find(CrudRepository<?, ?> repository, Object id) {
		return ((CrudRepository<Object, Object>) repository).findById(id).orElseThrow();
	}

	static String successor(Product product) {
		Product successor = product.getSuccessor();
		return (successor == null) ? "none" : Hibernate.isInitialized(successor) ? successor.getName() : "unread";
	}

	static String messageOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		Throwable thrown = catchThrowable(call);
		return (thrown != null) ? thrown.getClass().getName() + thrown.getMessage() : "";
	}

	@SuppressWarnings("unchecked")
	static void readTwo(Repository<Product, Long> repository) {
		if (repository instanceof Listed listed) {
			pinned(two.y, () -> listed.findAllById(List.of(2L)));
		}
		else {
			pinned(two.y, () -> ((CrudRepository<Product, Long>) repository).findById(2L));
		}
	}

	/** A way to read a product. */
	interface Read {

		Optional<Product> now();

	}

	/** Repositories of a node, with a cache in front. */
	static final class Cached {

		final Tiers tiers;

		final RepositoryCache cache;

		final JpaRepositoryFactory factory;

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
	static final class Redis implements AutoCloseable {

		private final RedisClient client = RedisClient
			.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

		final Tiers tiers;

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
	static final class Shape {

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

	interface Listed extends Repository<Product, Long> {

		Set<Product> findAllById(Iterable<Long> ids);

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
		@Nullable Map<String, Integer> contents;

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
