package io.strates.build;

import java.util.List;
import java.util.Map;

import io.strates.TestNode;
import io.strates.release.Release;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ProductTag;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BuildAndReleaseIntegrationTests {

	private static TestNode node;

	@BeforeAll
	static void start() {
		node = TestNode.onPostgres();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void aStateIsBuiltReleasedAndRead() {
		BuildInfo sealed;
		try (Build build = node.builds.open("catalog", "north")) {
			Catalog catalog = new Catalog(1, "north", 3);
			Tag tag = new Tag("new");
			build.writer().write(catalog);
			build.writer().write(tag);
			for (long id = 1; id <= 3; id++) {
				Product product = new Product(id, "p" + id, (int) id * 10, catalog);
				product.getTags().add(new ProductTag(product, tag));
				build.writer().write(product);
			}
			sealed = build.seal();
		}
		Release release = node.releases.release(sealed.buildStrate());

		assertThat(release.number()).isEqualTo(1);
		assertThat(sealed.rowCounts()).isEqualTo(Map.of("Catalog", 1L, "Product", 3L, "ProductTag", 3L, "Tag", 1L,
				"Settings", 0L, "Media", 0L, "Image", 0L, "Video", 0L));
		List<Product> read = node.queries.pinned("catalog", "north", () -> node.products.findAll());
		assertThat(read).extracting(Product::getName).containsExactlyInAnyOrder("p1", "p2", "p3");
		assertThat(node.queries.pinned("catalog", "north", () -> node.products.findById(2L)))
			.hasValueSatisfying((product) -> assertThat(product.getPrice()).isEqualTo(20));
	}

}
