package io.strates.boot.autoconfigure;

import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.entity.NotPinnedException;
import io.strates.query.UnpinnedStatementException;
import io.strates.release.ReleaseWatcher;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An application without a web server whose beans are made when they are asked for. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = { "spring.main.lazy-initialization=true",
		"strates.query.guard-jdbc=true", "strates.release.redis.enabled=false" })
class LazyApplicationTests {

	@Autowired
	private ApplicationContext context;

	@Test
	void buildsReleasesAndReads() {
		Shops.release(this.context, "berlin", 3, 10);

		assertThat(Shops.count(this.context, "berlin")).isEqualTo(3);
	}

	@Test
	void guardsAndTheWatcherAreThereBeforeTheyAreAskedFor() {
		assertThatExceptionOfType(UnpinnedStatementException.class)
			.isThrownBy(() -> this.context.getBean(JdbcTemplate.class).queryForList("select * from product"));
		assertThatExceptionOfType(NotPinnedException.class)
			.isThrownBy(() -> this.context.getBean(ProductRepository.class).save(new Product(1L, "stray", 1, null)));
		assertThat(this.context.getBean(ReleaseWatcher.class).sinceLastLook()).isNotNull();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
