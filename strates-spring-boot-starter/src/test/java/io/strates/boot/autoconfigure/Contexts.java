package io.strates.boot.autoconfigure;

import java.util.UUID;

import io.strates.boot.shop.Product;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** Runners over an H2 database of their own. */
final class Contexts {

	static final AutoConfigurations JPA = AutoConfigurations.of(DataSourceAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class,
			TransactionAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
			DataJpaRepositoriesAutoConfiguration.class);

	private Contexts() {
	}

	static ApplicationContextRunner bare() {
		return new ApplicationContextRunner().withConfiguration(JPA)
			.withConfiguration(AutoConfigurations.of(StratesAutoConfiguration.class))
			.withPropertyValues(h2());
	}

	static ApplicationContextRunner shop() {
		return bare().withUserConfiguration(ShopApplication.class);
	}

	static String h2() {
		return "spring.datasource.url=" + h2Url();
	}

	static String h2Url() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	/** An application whose entities are those of the shop. */
	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
