package io.strates.query.hibernate;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.strates.build.Build;
import io.strates.cache.Tiers;
import io.strates.entity.NotPinnedException;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import io.strates.shop.Settings;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.junit.jupiter.api.Test;

import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.support.JpaEntityInformation;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.Repository;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is not answered from memory, and works as ever. */
class RepositoryCacheLimitsIntegrationTests extends RepositoryCacheFixture {

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

	interface CatalogRepository extends JpaRepository<Catalog, Long> {

	}

	interface ListenerRepository extends JpaRepository<Listener, Long> {

	}

	interface CollectorRepository extends JpaRepository<Collector, Long> {

	}

	interface ShyRepository extends JpaRepository<Shy, Long> {

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

}
