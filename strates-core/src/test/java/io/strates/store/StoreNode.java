package io.strates.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariDataSource;
import io.strates.StatementLog;
import io.strates.cache.CodecFactory;
import io.strates.cache.CoherentTier;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.dev.DevDatabase;
import io.strates.internal.jdbc.Database;
import io.strates.store.hibernate.HibernateEntityTable;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One node of an application with tiered stores. Two on one database are two machines.
 */
final class StoreNode implements AutoCloseable {

	final HikariDataSource dataSource = new HikariDataSource();

	final StatementLog statements;

	final JdbcClient jdbc;

	final EntityManagerFactory entityManagerFactory;

	final TransactionTemplate transaction;

	final Tiers tiers;

	final TieredStores stores;

	private StoreNode(Options options) {
		this.dataSource.setJdbcUrl(options.database.jdbcUrl());
		this.dataSource.setUsername(options.database.username());
		this.dataSource.setPassword(options.database.password());
		this.dataSource.setMaximumPoolSize(options.poolSize);
		this.dataSource.setMinimumIdle(0);
		this.dataSource.setConnectionTimeout(30_000);
		this.statements = new StatementLog(this.dataSource, true);
		this.jdbc = JdbcClient.create(this.dataSource);
		this.entityManagerFactory = entityManagerFactory(options);
		JpaTransactionManager transactions = new JpaTransactionManager(this.entityManagerFactory);
		transactions.afterPropertiesSet();
		this.transaction = new TransactionTemplate(transactions);
		Tiers.Builder tiers = Tiers.builder("test").ticker(options.ticker);
		this.tiers = ((options.tier != null) ? tiers.coherent(options.tier) : tiers.onlyNode()).build();
		TieredStores.Builder stores = TieredStores.builder()
			.tiers(this.tiers)
			.codecs(options.codecs)
			.tables(options.tables.apply(HibernateEntityTable.tables(this.entityManagerFactory)))
			.transactions(this.transaction)
			.hooks(options.hooks);
		if (options.keys != null) {
			stores.encryptionKeys(options.keys);
		}
		if (options.journals != null) {
			Database database = Database.of(this.dataSource);
			new ResourceDatabasePopulator(new ClassPathResource(database.script())).execute(this.dataSource);
			TransactionTemplate newTransaction = new TransactionTemplate(transactions);
			newTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			stores.writeBehind(options.journals, JdbcClient.create(this.statements), database, newTransaction);
		}
		this.stores = stores.build();
	}

	private EntityManagerFactory entityManagerFactory(Options options) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(this.statements);
		factory.setManagedTypes(
				PersistenceManagedTypes.of(options.entities.stream().map(Class::getName).toArray(String[]::new)));
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		Map<String, Object> properties = new HashMap<>();
		properties.put("hibernate.hbm2ddl.auto", "update");
		properties.put("hibernate.physical_naming_strategy",
				"org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl");
		factory.setJpaPropertyMap(properties);
		factory.afterPropertiesSet();
		return Objects.requireNonNull(factory.getObject());
	}

	static Options on(DevDatabase database) {
		return new Options(database);
	}

	/** The statements that changed or read rows since the last call. */
	List<String> sql() {
		List<String> rows = this.statements.statements()
			.stream()
			.filter((sql) -> sql.toLowerCase(Locale.ROOT).matches("(?s)(select|insert|update|delete|merge).*"))
			.toList();
		this.statements.clear();
		return rows;
	}

	@Override
	public void close() {
		this.stores.close();
		this.tiers.close();
		this.entityManagerFactory.close();
		this.dataSource.close();
	}

	/** What differs between nodes. */
	static final class Options {

		private final DevDatabase database;

		private final List<StoreHooks<?>> hooks = new ArrayList<>();

		private List<Class<?>> entities = List.of(Gadget.class, Everything.class, Secret.class);

		private int poolSize = 10;

		private CodecFactory codecs = JacksonCodecs.smile();

		private UnaryOperator<EntityTables> tables = UnaryOperator.identity();

		private LongSupplier ticker = System::nanoTime;

		private @Nullable CoherentTier tier;

		private @Nullable EncryptionKeys keys;

		private @Nullable Function<String, WriteJournal> journals;

		private Options(DevDatabase database) {
			this.database = database;
		}

		Options entities(Class<?>... value) {
			this.entities = List.of(value);
			return this;
		}

		Options poolSize(int value) {
			this.poolSize = value;
			return this;
		}

		Options tier(CoherentTier value) {
			this.tier = value;
			return this;
		}

		Options codecs(CodecFactory value) {
			this.codecs = value;
			return this;
		}

		Options tables(UnaryOperator<EntityTables> value) {
			this.tables = value;
			return this;
		}

		Options ticker(LongSupplier value) {
			this.ticker = value;
			return this;
		}

		Options keys(EncryptionKeys value) {
			this.keys = value;
			return this;
		}

		Options journals(Function<String, WriteJournal> value) {
			this.journals = value;
			return this;
		}

		Options hook(StoreHooks<?> value) {
			this.hooks.add(value);
			return this;
		}

		StoreNode build() {
			return new StoreNode(this);
		}

	}

}
