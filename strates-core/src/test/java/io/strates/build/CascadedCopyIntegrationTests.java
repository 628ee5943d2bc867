package io.strates.build;

import io.strates.TestNode;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ProductTag;
import io.strates.shop.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever writes the same graph to a second build, after a failure say, loses no child.
 */
class CascadedCopyIntegrationTests {

	@Test
	void aGraphThatWasWrittenToAFailedBuildIsWrittenWholeToTheNext() {
		try (TestNode node = TestNode.onPostgres()) {
			Catalog catalog = new Catalog(1, "again", 1);
			Tag tag = new Tag("new");
			Product product = new Product(1, "p", 1, catalog);
			product.getTags().add(new ProductTag(product, tag));
			try (Build failed = node.builds.open("catalog", "again")) {
				write(failed, catalog, tag, product);
			}

			BuildInfo sealed;
			try (Build next = node.builds.open("catalog", "again")) {
				write(next, catalog, tag, product);
				sealed = next.seal();
			}

			assertThat(sealed.rowCounts()).containsEntry("Product", 1L).containsEntry("ProductTag", 1L);
		}
	}

	private static void write(Build build, Object... entities) {
		for (Object entity : entities) {
			build.writer().write(entity);
		}
		build.writer().flush();
	}

}
