package io.strates.readme.glance;

import java.util.List;

import io.strates.build.Build;
import io.strates.build.BuildService;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

@DataJpaTest
class GlanceTests {

	@Autowired
	private BuildService builds;

	@Autowired
	private ReleaseService releases;

	@Autowired
	private QueryService queries;

	@Autowired
	private ProductRepository products;

	@Test
	void firstScreenBuildsReleasesAndReads() {
		Catalog catalog = new Catalog();
		List<Product> anoraks = List.of(product(catalog, 1, 9), product(catalog, 2, 90));

		// @start region = cycle
		try (Build build = builds.open("catalog", "north")) {
			build.writer().write(catalog);
			build.writer().writeAll(anoraks);
			build.seal();
			releases.release(build.buildStrate());
		}
		List<Product> cheap = queries.pinned("catalog", "north", () -> products.findByPriceLessThan(10));
		// @end

		assertThat(cheap).extracting(Product::getId).containsExactly(1L);
	}

	private static Product product(Catalog catalog, long id, int price) {
		Product product = new Product();
		ReflectionTestUtils.setField(product, "id", id);
		ReflectionTestUtils.setField(product, "catalog", catalog);
		ReflectionTestUtils.setField(product, "price", price);
		return product;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class GlanceApplication {

	}

}
