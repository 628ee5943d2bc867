package io.strates.boot.autoconfigure;

import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.query.QueryService;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** What a user's slice test looks like. */
@DataJpaTest
class DataJpaSliceTests {

	@Autowired
	private ApplicationContext context;

	@Autowired
	private QueryService queries;

	@Autowired
	private ProductRepository products;

	@Test
	void sliceBuildsReleasesAndReads() {
		Shops.release(this.context, "berlin", 3, 10);

		int price = this.queries.pinned("shop", "berlin", () -> this.products.findById(2L).orElseThrow().getPrice());

		assertThat(price).isEqualTo(10);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
