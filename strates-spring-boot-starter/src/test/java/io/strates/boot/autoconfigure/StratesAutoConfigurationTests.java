package io.strates.boot.autoconfigure;

import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.build.BuildService;
import io.strates.entity.NotPinnedException;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StratesAutoConfigurationTests {

	@Test
	void applicationBuildsReleasesAndReadsWithoutConfiguration() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			QueryService queries = context.getBean(QueryService.class);
			ProductRepository products = context.getBean(ProductRepository.class);

			String name = queries.pinned("shop", "berlin", () -> products.findById(2L).orElseThrow().getName());

			assertThat(name).isEqualTo("product 2");
			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
			assertThatExceptionOfType(NotPinnedException.class).isThrownBy(products::count);
		});
	}

	@Test
	void nothingIsConfiguredWhenSwitchedOff() {
		Contexts.bare()
			.withUserConfiguration(NotesOnly.class)
			.withPropertyValues("strates.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(BuildService.class)
				.doesNotHaveBean(ReleaseService.class));
	}

	@AutoConfigurationPackage(basePackageClasses = StratesProperties.class)
	static class NotesOnly {

	}

}
