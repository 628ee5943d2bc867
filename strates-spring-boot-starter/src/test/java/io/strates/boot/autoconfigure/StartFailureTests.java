package io.strates.boot.autoconfigure;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import io.strates.boot.faulty.Basket;
import io.strates.boot.notes.Reminder;
import io.strates.boot.shop.Note;
import io.strates.boot.shop.Product;
import io.strates.boot.stored.Memo;
import io.strates.entity.MappingFault;
import io.strates.entity.StratesMappingException;
import io.strates.store.TieredStore;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.support.SimpleJpaRepository;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** What stops the start, as the person sees it who started the application. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTests {

	@Test
	void mappingFaultsAreAnalyzedOneByOne() {
		StratesMappingException failure = new StratesMappingException(
				List.of(new MappingFault("Product.tags", "is a @ManyToMany", "write a join entity"),
						new MappingFault("Catalog", "has no id", "add an @Id")));

		FailureAnalysis analysis = new StratesMappingFailureAnalyzer().analyze(new RuntimeException(failure));

		assertThat(analysis.getDescription()).contains("- Product.tags is a @ManyToMany", "- Catalog has no id");
		assertThat(analysis.getAction()).contains("- Product.tags: write a join entity", "- Catalog: add an @Id");
	}

	@Test
	void startFailureIsAnalyzedIntoProblemAndRemedy() {
		FailureAnalysis analysis = new StratesStartFailureAnalyzer()
			.analyze(new RuntimeException(new StratesStartException("It rains", "Take an umbrella.")));

		assertThat(analysis.getDescription()).isEqualTo("It rains.");
		assertThat(analysis.getAction()).isEqualTo("Take an umbrella.");
	}

	@Test
	void faultyEntitiesStopTheStartWithEveryFault(CapturedOutput output) {
		assertThatStartFails(FaultyApplication.class);

		assertThat(output).contains("APPLICATION FAILED TO START", "Stratified entities are declared wrongly")
			.contains("- Basket.items", "- Basket.shop", "Change each of them:");
	}

	@Test
	void missingTablesNameThePropertyAndTheScript(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.schema.initialize=never");

		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The H2 database lacks the metadata tables [stratified_build,", "strates_task]",
					"strates.schema.initialize=never does not create them there")
			.contains("Set strates.schema.initialize=always", "classpath:io/strates/schema/strates-postgresql.sql",
					"start once with --strates.schema.export-to=<file>");
	}

	@Test
	void queryCacheIsRefused(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--spring.jpa.properties.hibernate.cache.use_query_cache=true");

		assertThat(output).contains("APPLICATION FAILED TO START", "Hibernate's query cache is on")
			.contains("Remove spring.jpa.properties.hibernate.cache.use_query_cache");
	}

	@Test
	void unsupportedDatabaseIsNamed(CapturedOutput output) {
		assertThatStartFails(UnsupportedDatabase.class,
				"--spring.jpa.database-platform=org.hibernate.dialect.H2Dialect");

		assertThat(output).contains("APPLICATION FAILED TO START", "Database 'Sybase SQL Anywhere' is not supported")
			.contains("Let spring.datasource.url name a supported database");
	}

	@Test
	void wrongPropertyIsNamedWithItsValueAndWhatIsAllowed(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.gc.keep-releases=0");

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Property strates.gc.keep-releases has the value '0'",
				"Change strates.gc.keep-releases. Use 1 or more: the live release is always kept.");
	}

	@Test
	void propertyThatThereIsNotIsNamedWithTheOneThatIsMeant(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.store.maximun=5", "--strates.gc.keep-relases=5",
				"--strates.cache.caches.books.size=5");

		assertThat(output)
			.contains("APPLICATION FAILED TO START", "There is no property strates.store.maximun (",
					"There is no property strates.gc.keep-relases (",
					"There is no property strates.cache.caches.books.size (")
			.contains("Change strates.store.maximun to strates.store.defaults.maximum or"
					+ " strates.store.types.<name>.maximum, or remove it.")
			.contains("Change strates.gc.keep-relases to strates.gc.keep-releases, or remove it.")
			.contains("Change strates.cache.caches.books.size to one of [")
			.contains("strates.cache.caches.books.maximum");
	}

	@Test
	void unknownPropertyOfOthersIsNotOurs() {
		UnboundConfigurationPropertiesException failure = new UnboundConfigurationPropertiesException(
				Set.of(new ConfigurationProperty(ConfigurationPropertyName.of("shop.colour"), "red", null)));

		assertThat(new UnknownPropertyFailureAnalyzer().analyze(failure)).isNull();
	}

	@Test
	void storeWithIdsOfAnotherTypeIsNamedWithItsDeclaration(CapturedOutput output) {
		assertThatStartFails(WrongIds.class);

		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Parameter 0 of method desk in " + WrongIds.class.getName()
					+ " required a TieredStore<Memo, Long>, which there is not: the ids of " + Memo.class.getName()
					+ " are of type java.lang.String.")
			.contains("Declare it as TieredStore<Memo, String>.");
	}

	@Test
	void storeOfAnEntityThatHasNoneSaysWhy(CapturedOutput output) {
		assertThatStartFails(NotTiered.class);

		assertThat(output)
			.contains("required a TieredStore<Note, Long>, which there is not: " + Note.class.getName()
					+ " is not @Tiered.")
			.contains("Annotate Note with @Tiered, which is in io.strates.store.");
	}

	@Test
	void storeOfStratifiedEntitySaysWhereToRead(CapturedOutput output) {
		assertThatStartFails(StratifiedStore.class);

		assertThat(output).contains("required a TieredStore<Product, Long>")
			.contains(Product.class.getName() + " is @Stratified.")
			.contains("Read it with its repository inside a pin");
	}

	@Test
	void storeOfAnEntityElsewhereSaysWhichPackageToScan(CapturedOutput output) {
		assertThatStartFails(Elsewhere.class);

		assertThat(output).contains(Memo.class.getName() + " is not in the packages that are scanned for entities.")
			.contains("@EntityScan(\"" + Memo.class.getPackageName() + "\")");
	}

	@Test
	void storeWhereStoresAreOffSaysWhatToSwitchOn(CapturedOutput output) {
		assertThatStartFails(WrongIds.class, "--strates.store.enabled=false");

		assertThat(output).contains("which there is not: this application has no stores.")
			.contains("Let strates.enabled and strates.store.enabled be true");
	}

	@Test
	void secondPersistenceUnitWithStratifiedEntitiesIsRefused(CapturedOutput output) {
		assertThatStartFails(TwoUnits.class);

		assertThat(output)
			.contains("APPLICATION FAILED TO START", "Stratified entities are in several persistence units")
			.contains("'first' holds [Product, Shop]", "'second' holds [Product, Shop]");
	}

	@Test
	void transactionManagerThatDoesNotServeThePersistenceUnitIsRefused(CapturedOutput output) {
		assertThatStartFails(JdbcTransactionsOnly.class);

		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"No transaction manager serves EntityManagerFactory 'entityManagerFactory'",
					"transactionManager=JdbcTransactionManager")
			.contains("Declare a JpaTransactionManager for EntityManagerFactory 'entityManagerFactory'");
	}

	@Test
	void persistenceUnitWithoutDataSourceIsRefused(CapturedOutput output) {
		assertThatStartFails(NoDataSource.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Transaction manager 'transactionManager' does not know the DataSource of EntityManagerFactory"
						+ " 'entityManagerFactory'",
				"Give the DataSource to the LocalContainerEntityManagerFactoryBean");
	}

	@Test
	void repositoryBaseClassThatDoesNotKnowOfBuildsIsRefused(CapturedOutput output) {
		assertThatStartFails(ForeignBaseClass.class);

		assertThat(output)
			.contains("APPLICATION FAILED TO START", "has the base class " + SimpleJpaRepository.class.getName())
			.contains("Let SimpleJpaRepository extend io.strates.query.hibernate.StratifiedJpaRepository");
	}

	@Test
	void twoWishesToExportDdlAreRefused(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.schema.export-to=target/never-written.sql",
				"--spring.jpa.properties.jakarta.persistence.schema-generation.scripts.action=create");

		assertThat(output).contains("APPLICATION FAILED TO START", "want to export DDL",
				"Remove strates.schema.export-to");
	}

	@Test
	void stratifiedEntitiesWhereTheLibraryIsSwitchedOffAreRefused(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.enabled=false");

		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"strates.enabled=false, but EntityManagerFactory 'entityManagerFactory' holds the stratified"
							+ " entities [Product, Shop]")
			.contains("Remove strates.enabled=false, or keep these entities and their repositories out");
	}

	@Test
	void stratifiedEntitiesInAUnitOfTheApplicationsOwnAreRefusedWhereTheLibraryIsSwitchedOff(CapturedOutput output) {
		assertThatStartFails(OwnUnit.class, "--strates.enabled=false");

		assertThat(output).contains("APPLICATION FAILED TO START",
				"strates.enabled=false, but EntityManagerFactory 'shops' holds the stratified entities [Product, Shop]");
	}

	@Test
	void guardOfADataSourceThatIsNoBeanIsRefused(CapturedOutput output) {
		assertThatStartFails(HiddenDataSource.class, "--strates.query.guard-jdbc=true");

		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"strates.query.guard-jdbc=true, but the DataSource of the persistence unit",
					DriverManagerDataSource.class.getName() + ") is not a bean")
			.contains("Declare this DataSource as a bean");
	}

	@Test
	void fileThatCannotBeWrittenIsNamed(CapturedOutput output) {
		assertThatStartFails(ShopApplication.class, "--strates.schema.export-to=pom.xml/shop.sql");

		assertThat(output)
			.contains("APPLICATION FAILED TO START", "The DDL cannot be written to ",
					"pom.xml/shop.sql (java.nio.file.")
			.contains("Let strates.schema.export-to name a file that can be written");
	}

	@Test
	void severalPersistenceUnitsWithoutStratifiedEntitiesAreRefused(CapturedOutput output) {
		assertThatStartFails(TwoOtherUnits.class);

		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"There are several EntityManagerFactory beans, none of which holds a stratified entity")
			.contains("Annotate an entity with @Stratified, or set strates.enabled=false.");
	}

	@Test
	void persistenceUnitWithoutTheMappingIsRefused(CapturedOutput output) {
		assertThatStartFails(NoVendorAdapter.class);

		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"EntityManagerFactory 'shops' holds the stratified entities [Product, Shop] but was built without"
							+ " the mapping of Strates")
			.contains("Build it with Spring Boot's EntityManagerFactoryBuilder");
	}

	private static void assertThatStartFails(Class<?> application, String... arguments) {
		SpringApplication starting = new SpringApplication(application);
		starting.setWebApplicationType(WebApplicationType.NONE);
		starting.setDefaultProperties(Map.of("spring.datasource.url", Contexts.h2Url()));
		assertThatException().isThrownBy(() -> starting.run(arguments).close());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Basket.class)
	static class FaultyApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	@EnableJpaRepositories(basePackageClasses = Product.class, repositoryBaseClass = SimpleJpaRepository.class)
	static class ForeignBaseClass {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class UnsupportedDatabase {

		@Bean
		DataSource dataSource() {
			return new DelegatingDataSource(new DriverManagerDataSource(Contexts.h2Url())) {

				@Override
				public Connection getConnection() throws java.sql.SQLException {
					return renamed(Connection.class, super.getConnection());
				}

			};
		}

		/** Passes everything on but the name of the database. */
		private static <T> T renamed(Class<T> type, T target) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						if (method.getName().equals("getDatabaseProductName")) {
							return "Sybase SQL Anywhere";
						}
						Object result = method.invoke(target, arguments);
						return (result instanceof DatabaseMetaData metaData) ? renamed(DatabaseMetaData.class, metaData)
								: result;
					}));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class TwoUnits {

		@Bean
		@Primary
		LocalContainerEntityManagerFactoryBean first(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Product.class).persistenceUnit("first").build();
		}

		@Bean
		LocalContainerEntityManagerFactoryBean second(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Product.class).persistenceUnit("second").build();
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class JdbcTransactionsOnly {

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = StratesProperties.class)
	static class OwnUnit {

		@Bean
		LocalContainerEntityManagerFactoryBean shops(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Product.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = StratesProperties.class)
	static class TwoOtherUnits {

		@Bean
		LocalContainerEntityManagerFactoryBean first(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Reminder.class).persistenceUnit("first").build();
		}

		@Bean
		LocalContainerEntityManagerFactoryBean second(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Reminder.class).persistenceUnit("second").build();
		}

		@Bean
		JpaTransactionManager transactionManager(@Qualifier("first") EntityManagerFactory first) {
			return new JpaTransactionManager(first);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = StratesProperties.class)
	static class NoVendorAdapter {

		@Bean
		LocalContainerEntityManagerFactoryBean shops(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setPersistenceProviderClass(HibernatePersistenceProvider.class);
			factory.setDataSource(dataSource);
			factory.setPackagesToScan(Product.class.getPackageName());
			return factory;
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory shops) {
			return new JpaTransactionManager(shops);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class HiddenDataSource {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(EntityManagerFactoryBuilder builder,
				@Value("${spring.datasource.url}") String url) {
			return builder.dataSource(new DriverManagerDataSource(url, "sa", "")).packages(Product.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class WrongIds {

		@Bean
		Object desk(TieredStore<Memo, Long> memos) {
			return memos;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class NotTiered {

		@Bean
		Object desk(TieredStore<Note, Long> notes) {
			return notes;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class StratifiedStore {

		@Bean
		Object desk(TieredStore<Product, Long> products) {
			return products;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class Elsewhere {

		@Bean
		Object desk(TieredStore<Memo, String> memos) {
			return memos;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class NoDataSource {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory() {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setPackagesToScan(Product.class.getPackageName());
			factory.setJpaPropertyMap(Map.of("hibernate.connection.url", Contexts.h2Url()));
			return factory;
		}

	}

}
