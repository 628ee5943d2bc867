package io.strates.boot.autoconfigure;

import javax.sql.DataSource;

import io.strates.boot.notes.Reminder;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.Shops;
import io.strates.entity.NotPinnedException;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Applications that build persistence units themselves. */
class UnitsTests {

	@Test
	void secondUnitWithoutStratifiedEntitiesIsLeftAlone() {
		Contexts.shop().withUserConfiguration(SecondUnit.class).run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			EntityManagerFactory second = context.getBean("second", EntityManagerFactory.class);

			second.runInTransaction((manager) -> manager.persist(new Reminder(1L)));

			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
			assertThat(second.<Long>callInTransaction(
					(manager) -> manager.createQuery("select count(r) from Reminder r", Long.class).getSingleResult()))
				.isOne();
		});
	}

	@Test
	void unitThatTheApplicationBuildsFromScratchGetsTheMapping() {
		Contexts.shop().withUserConfiguration(OwnUnit.class).run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
			assertThatExceptionOfType(NotPinnedException.class).isThrownBy(() -> context
				.getBean(EntityManagerFactory.class)
				.callInTransaction((manager) -> manager.createQuery("from Product", Product.class).getResultList()));
		});
	}

	@Test
	void unitMayHaveAnyName() {
		Contexts.bare().withUserConfiguration(NamedUnit.class).run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(basePackageClasses = Product.class, entityManagerFactoryRef = "shops",
			transactionManagerRef = "shopTransactions")
	@EntityScan(basePackageClasses = Product.class)
	static class NamedUnit {

		@Bean
		LocalContainerEntityManagerFactoryBean shops(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Product.class).persistenceUnit("shops").build();
		}

		@Bean
		JpaTransactionManager shopTransactions(EntityManagerFactory shops) {
			return new JpaTransactionManager(shops);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondUnit {

		@Bean
		@Primary
		DataSource dataSource(DataSourceProperties properties) {
			return properties.initializeDataSourceBuilder().build();
		}

		@Bean
		DataSource otherDataSource() {
			return new DriverManagerDataSource(Contexts.h2Url());
		}

		@Bean
		@Primary
		LocalContainerEntityManagerFactoryBean entityManagerFactory(EntityManagerFactoryBuilder builder,
				DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Product.class).build();
		}

		@Bean
		LocalContainerEntityManagerFactoryBean second(EntityManagerFactoryBuilder builder, DataSource otherDataSource) {
			return builder.dataSource(otherDataSource).packages(Reminder.class).persistenceUnit("second").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnUnit {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
			hibernate.setGenerateDdl(true);
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(hibernate);
			factory.setPackagesToScan(Product.class.getPackageName());
			return factory;
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

	}

}
