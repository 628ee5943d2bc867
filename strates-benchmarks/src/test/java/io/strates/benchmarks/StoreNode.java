package io.strates.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.CacheSettings;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.internal.jdbc.Database;
import io.strates.store.TieredSettings;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import io.strates.store.WriteMode;
import io.strates.store.hibernate.HibernateEntityTable;
import io.strates.store.redis.RedisJournals;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.resource.jdbc.spi.StatementInspector;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The tiered stores of a node, of the articles as entities. */
final class StoreNode implements AutoCloseable {

	/** How many statements Hibernate has prepared. */
	final AtomicInteger statements = new AtomicInteger();

	private final Node node;

	private final DataSource dataSource;

	private final RedisClient client;

	private final RedisJournals journals;

	private final EntityManagerFactory entities;

	private final List<TieredStores> stores;

	private int made;

	StoreNode(Servers servers, String space, Node node, DataSource dataSource) {
		this.node = node;
		this.dataSource = dataSource;
		this.client = RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
		this.journals = new RedisJournals(this.client, space, Duration.ofSeconds(2),
				CircuitBreaker.ofDefaults("journal"));
		this.entities = entities();
		Database database = Database.of(dataSource);
		new ResourceDatabasePopulator(new ClassPathResource(database.script())).execute(dataSource);
		JpaTransactionManager transactions = new JpaTransactionManager(this.entities);
		transactions.afterPropertiesSet();
		TransactionTemplate newTransaction = new TransactionTemplate(transactions);
		newTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		// One type has one store in each of these.
		this.stores = List.of(stores(transactions, newTransaction, database),
				stores(transactions, newTransaction, database), stores(transactions, newTransaction, database));
	}

	private TieredStores stores(JpaTransactionManager transactions, TransactionTemplate newTransaction,
			Database database) {
		return TieredStores.builder()
			.tiers(this.node.tiers)
			.codecs(JacksonCodecs.smile())
			.tables(HibernateEntityTable.tables(this.entities))
			.transactions(new TransactionTemplate(transactions))
			.writeBehind(this.journals::journal, JdbcClient.create(this.dataSource), database, newTransaction)
			.build();
	}

	private EntityManagerFactory entities() {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(this.dataSource);
		factory.setManagedTypes(PersistenceManagedTypes.of(ArticleRow.class.getName()));
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		Map<String, Object> properties = new HashMap<>();
		properties.put("hibernate.cache.use_second_level_cache", false);
		StatementInspector counting = (sql) -> {
			this.statements.incrementAndGet();
			return sql;
		};
		properties.put("hibernate.session_factory.statement_inspector", counting);
		factory.setJpaPropertyMap(properties);
		factory.afterPropertiesSet();
		return Objects.requireNonNull(factory.getObject());
	}

	/** Makes a store, at most three of them. */
	TieredStore<ArticleRow, Long> articles(String name, CacheSettings settings, WriteMode mode) {
		TieredStores some = this.stores.get(this.made);
		this.made++;
		some.add(ArticleRow.class, new TieredSettings(name, settings, mode, List.of()));
		return some.store(ArticleRow.class, Long.class);
	}

	@Override
	public void close() {
		this.stores.forEach(TieredStores::close);
		this.journals.close();
		this.entities.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

}
