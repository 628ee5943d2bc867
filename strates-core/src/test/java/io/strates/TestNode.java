package io.strates;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.strates.build.BuildListener;
import io.strates.build.BuildService;
import io.strates.build.BuildTable;
import io.strates.build.WritePermits;
import io.strates.build.hibernate.HibernateRowStore;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.entity.StratifiedModel;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.gc.GarbageCollector;
import io.strates.internal.BoundBuilds;
import io.strates.internal.jdbc.Database;
import io.strates.query.QueryService;
import io.strates.query.NothingReleased;
import io.strates.query.Pins;
import io.strates.query.hibernate.StatementGuard;
import io.strates.query.hibernate.StratifiedJpaRepository;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseService;
import io.strates.release.Release;
import io.strates.release.ReleaseListener;
import io.strates.release.ReleaseTable;
import io.strates.release.ReleaseWatcher;
import io.strates.shop.Catalog;
import io.strates.shop.Currency;
import io.strates.shop.Described;
import io.strates.shop.Dimensions;
import io.strates.shop.DiscountRule;
import io.strates.shop.Image;
import io.strates.shop.Media;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import io.strates.shop.ProductTag;
import io.strates.shop.Settings;
import io.strates.shop.Tag;
import io.strates.shop.Video;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One node of an application that uses the library, put together by hand: everything the
 * starter does, without Spring Boot. Two nodes on one database stand for two machines.
 */
public final class TestNode implements AutoCloseable {

	public static final List<Class<?>> SHOP = List.of(Catalog.class, Settings.class, Product.class, Dimensions.class,
			Tag.class, ProductTag.class, Currency.class, Media.class, Image.class, Video.class, Described.class,
			PriceRule.class, DiscountRule.class);

	public final HikariDataSource dataSource = new HikariDataSource();

	public final JdbcClient jdbc;

	public final Database database;

	public final HibernateMapping mapping;

	public final EntityManagerFactory entityManagerFactory;

	public final EntityManager entityManager;

	public final TransactionTemplate transaction;

	public final TransactionTemplate newTransaction;

	public final BoundBuilds bound = new BoundBuilds();

	public final Pins pins = new Pins(this.bound);

	public final BuildTable buildTable;

	public final ReleaseTable releaseTable;

	public final WritePermits permits;

	public final BuildService builds;

	public final ReleaseWatcher watcher;

	public final ReleaseService releases;

	public final QueryService queries;

	/** The shop's products, on a node that has the shop's entities. */
	@SuppressWarnings("NullAway.Init")
	public final ProductRepository products;

	public final JpaRepositoryFactory repositories;

	/** What this node was told of. */
	public final List<Release> told = new CopyOnWriteArrayList<>();

	public final List<ReleaseListener> releaseListeners = new CopyOnWriteArrayList<>();

	public final SqlLog sql = new SqlLog();

	/** Every statement of this node, if the options ask for it. */
	public final StatementLog statements;

	private final ExecutorService branches = Executors.newCachedThreadPool();

	private TestNode(Options options) {
		this.dataSource.setJdbcUrl(options.database.jdbcUrl());
		this.dataSource.setUsername(options.database.username());
		this.dataSource.setPassword(options.database.password());
		this.dataSource.setMaximumPoolSize(options.poolSize);
		this.dataSource.setMinimumIdle(0);
		this.statements = new StatementLog(options.wrapper.apply(this.dataSource), options.logStatements);
		this.database = Database.of(this.dataSource);
		new ResourceDatabasePopulator(new ClassPathResource(this.database.script())).execute(this.dataSource);
		this.jdbc = JdbcClient.create(this.statements);
		this.mapping = new HibernateMapping(StratifiedModel.of(options.entities), this.bound);
		this.buildTable = new BuildTable(this.jdbc, this.database);
		this.releaseTable = new ReleaseTable(this.jdbc, this.database);
		this.permits = new WritePermits(this.buildTable);
		WritePermits permits = this.permits;
		this.entityManagerFactory = entityManagerFactory(options, permits);
		this.entityManager = SharedEntityManagerCreator.createSharedEntityManager(this.entityManagerFactory);
		JpaTransactionManager transactions = new JpaTransactionManager(this.entityManagerFactory);
		transactions.afterPropertiesSet();
		this.transaction = new TransactionTemplate(transactions);
		this.transaction.setIsolationLevel(options.isolation);
		this.newTransaction = new TransactionTemplate(transactions);
		this.newTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.newTransaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		HibernateRowStore rows = new HibernateRowStore(this.entityManagerFactory, this.mapping.model(), this.statements,
				(options.rowsAsOn != null) ? options.rowsAsOn : this.database);
		rows.guardWrites(this.bound, permits);
		BuildService.Builder builds = BuildService.builder()
			.schema(this.mapping::schema)
			.permits(permits)
			.rowStore(rows)
			.boundBuilds(this.bound)
			.transactions(this.transaction, this.newTransaction)
			.branchExecutor((options.branchExecutor != null) ? options.branchExecutor : this.branches)
			.owner(options.name)
			.chunkSize(options.chunkSize)
			.parallelism(options.parallelism)
			.heartbeat(options.heartbeat);
		options.buildListeners.forEach(builds::listener);
		this.builds = builds.build();
		List<ReleaseListener> listeners = new ArrayList<>(options.releaseListeners);
		listeners.add(this.told::add);
		listeners.add((release) -> this.releaseListeners.forEach((listener) -> listener.released(release)));
		this.watcher = new ReleaseWatcher(this.releaseTable, this.newTransaction, options.channel, options.pollInterval,
				listeners);
		this.releases = ReleaseService.of(this.mapping.model(), this.releaseTable, this.buildTable, this.transaction,
				this.watcher);
		this.queries = queries().nothingReleased(options.nothingReleased).build();
		this.repositories = plainRepositories();
		this.repositories.setRepositoryBaseClass(StratifiedJpaRepository.class);
		this.products = options.entities.contains(Product.class)
				? this.repositories.getRepository(ProductRepository.class) : null;
		this.watcher.start();
		InvariantsExtension.opened(this, options.database);
	}

	/** A factory of repositories as Spring Data makes them for any entity. */
	public JpaRepositoryFactory plainRepositories() {
		JpaRepositoryFactory factory = new JpaRepositoryFactory(this.entityManager);
		factory.addRepositoryProxyPostProcessor((proxy,
				information) -> proxy.addAdvice(new TransactionInterceptor(
						(TransactionManager) Objects.requireNonNull(this.transaction.getTransactionManager()),
						new AnnotationTransactionAttributeSource())));
		return factory;
	}

	/** A query service of this node, to be described further. */
	public QueryService.Builder queries() {
		return QueryService.builder()
			.model(this.mapping.model())
			.schema(this.mapping::schema)
			.pins(this.pins)
			.builds(this.builds)
			.releases(this.releases)
			.rows(this.dataSource, this.database);
	}

	/** A garbage collector of this node, to be described further. */
	public GarbageCollector.Builder collector() {
		return GarbageCollector.builder()
			.schema(this.mapping::schema)
			.builds(this.buildTable)
			.releases(this.releaseTable)
			.rows(this.jdbc, this.database)
			.newTransaction(this.newTransaction);
	}

	private EntityManagerFactory entityManagerFactory(Options options, WritePermits permits) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(this.statements);
		factory.setManagedTypes(
				PersistenceManagedTypes.of(options.entities.stream().map(Class::getName).toArray(String[]::new)));
		factory.setMappingResources(options.mappingFiles.toArray(String[]::new));
		factory.setPersistenceUnitName(options.name);
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		StatementGuard guard = new StatementGuard(this.mapping::schemaIfBound, this.bound, () -> permits, this.sql);
		Map<String, Object> properties = new HashMap<>(options.properties);
		properties.putIfAbsent("hibernate.hbm2ddl.auto", "update");
		properties.put("hibernate.physical_naming_strategy",
				"org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl");
		properties.putAll(this.mapping.properties());
		properties.putAll(guard.properties());
		factory.setJpaPropertyMap(properties);
		factory.afterPropertiesSet();
		return Objects.requireNonNull(factory.getObject());
	}

	/** A node on a fresh database of PostgreSQL, with the shop's entities. */
	public static TestNode onPostgres() {
		return builder(DevPostgres.newDatabase()).build();
	}

	public static Options builder(DevDatabase database) {
		return new Options(database);
	}

	public <T> T inTransaction(Supplier<T> work) {
		return Objects.requireNonNull(this.transaction.execute((status) -> work.get()));
	}

	/** The entity manager to use inside a transaction. */
	public EntityManager entityManager() {
		return this.entityManager;
	}

	public long count(String sql, Object... params) {
		return this.jdbc.sql(sql).params(params).query(Long.class).single();
	}

	@Override
	public void close() {
		InvariantsExtension.closed(this);
		this.watcher.close();
		this.builds.close();
		this.branches.shutdownNow();
		this.entityManagerFactory.close();
		this.dataSource.close();
	}

	/** What differs between nodes. */
	public static final class Options {

		private final DevDatabase database;

		private List<Class<?>> entities = SHOP;

		private String name = "node-1";

		private int poolSize = 10;

		private int chunkSize = 50;

		private int parallelism = 4;

		private Duration heartbeat = Duration.ofSeconds(10);

		private Duration pollInterval = Duration.ofMinutes(10);

		private @Nullable ReleaseChannel channel;

		private NothingReleased nothingReleased = NothingReleased.FAIL;

		private final List<String> mappingFiles = new ArrayList<>();

		private boolean logStatements;

		private int isolation = TransactionDefinition.ISOLATION_DEFAULT;

		private @Nullable Database rowsAsOn;

		private @Nullable Executor branchExecutor;

		private final List<ReleaseListener> releaseListeners = new ArrayList<>();

		private final List<BuildListener> buildListeners = new ArrayList<>();

		private UnaryOperator<DataSource> wrapper = UnaryOperator.identity();

		private final Map<String, Object> properties = new HashMap<>();

		private Options(DevDatabase database) {
			this.database = database;
		}

		public Options entities(Class<?>... entities) {
			this.entities = List.of(entities);
			return this;
		}

		public Options name(String name) {
			this.name = name;
			return this;
		}

		public Options poolSize(int poolSize) {
			this.poolSize = poolSize;
			return this;
		}

		public Options chunkSize(int chunkSize) {
			this.chunkSize = chunkSize;
			return this;
		}

		public Options parallelism(int parallelism) {
			this.parallelism = parallelism;
			return this;
		}

		public Options heartbeat(Duration heartbeat) {
			this.heartbeat = heartbeat;
			return this;
		}

		public Options pollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
			return this;
		}

		public Options channel(ReleaseChannel channel) {
			this.channel = channel;
			return this;
		}

		public Options nothingReleased(NothingReleased nothingReleased) {
			this.nothingReleased = nothingReleased;
			return this;
		}

		/** Makes {@link TestNode#statements} keep every statement. */
		public Options mappingFile(String location) {
			this.mappingFiles.add(location);
			return this;
		}

		public Options logStatements() {
			this.logStatements = true;
			return this;
		}

		public Options isolation(int isolation) {
			this.isolation = isolation;
			return this;
		}

		/** Writes rows in the way of another database. */
		public Options rowsAsOn(Database database) {
			this.rowsAsOn = database;
			return this;
		}

		public Options branchExecutor(Executor branchExecutor) {
			this.branchExecutor = branchExecutor;
			return this;
		}

		/** Adds a listener that is told before {@link TestNode#told} is. */
		public Options releaseListener(ReleaseListener listener) {
			this.releaseListeners.add(listener);
			return this;
		}

		/** Puts something between the node and its connections. */
		public Options wrapper(UnaryOperator<DataSource> wrapper) {
			this.wrapper = wrapper;
			return this;
		}

		public Options buildListener(BuildListener listener) {
			this.buildListeners.add(listener);
			return this;
		}

		public Options property(String name, Object value) {
			this.properties.put(name, value);
			return this;
		}

		public TestNode build() {
			return new TestNode(this);
		}

	}

	/** The statements that Hibernate prepared. */
	public static final class SqlLog implements StatementInspector {

		private static final long serialVersionUID = 1L;

		private final transient List<String> statements = new CopyOnWriteArrayList<>();

		@Override
		public String inspect(String sql) {
			this.statements.add(sql);
			return sql;
		}

		public List<String> statements() {
			return new ArrayList<>(this.statements);
		}

		public void clear() {
			this.statements.clear();
		}

	}

}
