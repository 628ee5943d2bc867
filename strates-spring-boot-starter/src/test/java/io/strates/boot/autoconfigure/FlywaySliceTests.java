package io.strates.boot.autoconfigure;

import io.strates.boot.shop.Product;
import io.strates.boot.shop.Shops;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** A slice test whose tables are made by Flyway. */
@DataJpaTest(properties = { "spring.flyway.enabled=true", "spring.flyway.locations=classpath:migration",
		"spring.jpa.hibernate.ddl-auto=validate" })
class FlywaySliceTests {

	@Autowired
	private ApplicationContext context;

	@Test
	void sliceBuildsReleasesAndReads() {
		Shops.release(this.context, "berlin", 3, 10);

		assertThat(Shops.count(this.context, "berlin")).isEqualTo(3);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
