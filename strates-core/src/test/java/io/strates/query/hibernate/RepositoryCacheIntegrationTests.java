package io.strates.query.hibernate;

import java.util.List;
import java.util.Set;

import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What repositories answer from memory, which cannot be told from what they read. */
class RepositoryCacheIntegrationTests extends RepositoryCacheFixture {

	// hits

	@Test
	void secondReadExecutesNothing() {
		ProductRepository products = products();
		assertThat(statements(() -> product(products, 2).now())).isNotEmpty();

		List<String> all = pinned(two.y, () -> {
			node.statements.clear();
			assertThat(products.findById(2L)).get().extracting(Product::getName).isEqualTo("Y2");
			return node.statements.statements();
		});

		assertThat(all).isEmpty();
	}

	@Test
	void idThatTheBuildDoesNotHaveIsAskedForOnce() {
		Read read = product(products(), 99);
		assertThat(read.now()).isEmpty();

		assertThat(statements(() -> assertThat(read.now()).isEmpty())).isEmpty();
	}

	@Test
	void eachBuildHasItsOwn() {
		ProductRepository products = products();
		pinned(two.x, () -> products.findById(2L));
		pinned(two.y, () -> products.findById(2L));

		assertThat(pinned(two.x, () -> products.findById(2L))).get().extracting(Product::getName).isEqualTo("X2");
		assertThat(pinned(two.y, () -> products.findById(2L))).get().extracting(Product::getName).isEqualTo("Y2");
	}

	@Test
	void existenceIsKnownOfWhatWasRead() {
		ProductRepository products = products();
		pinned(two.y, () -> products.existsById(2L));
		pinned(two.y, () -> products.existsById(99L));

		assertThat(statements(() -> {
			assertThat(pinned(two.y, () -> products.existsById(2L))).isTrue();
			assertThat(pinned(two.y, () -> products.existsById(99L))).isFalse();
		})).isEmpty();
	}

	@Test
	void severalIdsAreReadWithOneStatementForWhatIsMissing() {
		ProductRepository products = products();
		List<Long> ids = List.of(3L, 99L, 1L, 3L, 2L);
		List<String> usual = pinned(two.y, () -> node.products.findAllById(ids)).stream().map(two::mark).toList();
		product(products, 1).now();

		List<String> first = statements(
				() -> assertThat(pinned(two.y, () -> products.findAllById(ids)).stream().map(two::mark).toList())
					.isEqualTo(usual));

		assertThat(first.stream().filter((sql) -> sql.contains("from product"))).hasSize(1);
		assertThat(statements(
				() -> assertThat(pinned(two.y, () -> products.findAllById(ids)).stream().map(two::mark).toList())
					.isEqualTo(usual)))
			.isEmpty();
	}

	@Test
	void sameIdTwiceIsTheSameInstanceAsEver() {
		ProductRepository products = products();

		List<Product> usual = pinned(two.y, () -> node.products.findAllById(List.of(1L, 1L)));
		List<Product> read = pinned(two.y, () -> products.findAllById(List.of(1L, 1L)));

		assertThat(usual.get(0)).isSameAs(usual.get(1));
		assertThat(read.get(0)).isSameAs(read.get(1));
	}

	@Test
	void noIdsAreNoRead() {
		assertThat(statements(() -> assertThat(pinned(two.y, () -> products().findAllById(List.of()))).isEmpty()))
			.noneMatch((sql) -> sql.contains("product"));
	}

	// the end of a build

	@Test
	void buildThatIsForgottenIsReadAgain() {
		Read read = product(products(), 2);
		read.now();

		this.cached.cache.forget(Set.of(two.y.build()));

		assertThat(statements(read::now)).isNotEmpty();
	}

}
