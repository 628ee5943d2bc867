package io.strates.readme.shop;

import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildService;
import io.strates.build.BuildStatus;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/** What the README says of tests. */
@DataJpaTest
class ShopSliceTests {

	@Autowired
	private BuildService builds;

	@Autowired
	private ReleaseService releases;

	@Autowired
	private QueryService queries;

	@Autowired
	private ProductRepository products;

	@Test
	void testMethodIsOneTransactionAndOnePin() {
		release("south", 100);

		assertThat(price("south")).isEqualTo(100);
	}

	@AfterTransaction
	void releaseIsUndoneAndTheBuildStays() {
		assertThat(this.releases.current("catalog", "south")).isEmpty();
		assertThat(this.builds.list("catalog", "south")).extracting(BuildInfo::status)
			.containsExactly(BuildStatus.SEALED);
	}

	@Test
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	void testWithoutTransactionReleasesAsOftenAsItLikes() {
		release("west", 100);
		int first = price("west");
		release("west", 80);

		assertThat(first).isEqualTo(100);
		assertThat(price("west")).isEqualTo(80);
	}

	private int price(String shop) {
		return this.queries.pinned("catalog", shop, () -> this.products.findById(1L).orElseThrow().getPrice());
	}

	private void release(String shop, int price) {
		try (Build build = this.builds.open("catalog", shop)) {
			Catalog catalog = new Catalog(1L, shop);
			build.writer().write(catalog);
			build.writer().write(new Product(1L, "Anorak", price, catalog));
			build.seal();
			this.releases.release(build.buildStrate());
		}
	}

}
