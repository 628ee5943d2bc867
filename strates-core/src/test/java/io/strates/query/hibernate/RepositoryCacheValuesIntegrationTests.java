package io.strates.query.hibernate;

import java.util.List;
import java.util.Map;

import io.strates.TestNode;
import io.strates.museum.Curiosity;
import io.strates.museum.Specimen;
import io.strates.museum.Specimens;
import io.strates.query.PinRequest;
import io.strates.shop.Media;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.ProductRepository;
import io.strates.shop.ProductTag;
import io.strates.shop.Tag;
import jakarta.persistence.EntityManager;
import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.proxy.HibernateProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.repository.CrudRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What entities look like that are answered from memory, and whose they are. */
class RepositoryCacheValuesIntegrationTests extends RepositoryCacheFixture {

	// whose it is

	@Test
	void changedInstanceIsNobodyElses() {
		Read read = product(products(), 2);
		Product first = read.now().orElseThrow();
		first.setName("changed");

		Product second = read.now().orElseThrow();

		assertThat(second).isNotSameAs(first);
		assertThat(second.getName()).isEqualTo("Y2");
	}

	@Test
	@SuppressWarnings("JavaUtilDate")
	void changedValueIsNobodyElses() {
		JpaRepository<Curiosity, Long> curiosities = this.cached.repository(CuriosityRepository.class);
		JpaRepository<Specimen, Long> specimens = this.cached.repository(SpecimenRepository.class);
		long bytes = Specimens.plain()
			.stream()
			.filter((each) -> each.bytes != null && each.bytes.length == 7)
			.findFirst()
			.orElseThrow()
			.getId();
		for (int round = 0; round < 3; round++) {
			Curiosity curiosity = inMuseum(() -> curiosities.findById(2L)).orElseThrow();
			Specimen specimen = inMuseum(() -> specimens.findById(bytes)).orElseThrow();

			assertThat(curiosity.date.getTime()).isEqualTo(1_234_567_890_123L);
			assertThat(curiosity.texts).startsWith("a");
			assertThat(curiosity.numbers).containsExactly(1, -2, 3);
			assertThat(specimen.bytes).startsWith(0, -1);

			curiosity.date.setTime(0);
			curiosity.texts[0] = "changed";
			curiosity.numbers.set(0, 99);
			specimen.bytes[0] = 99;
		}
	}

	@Test
	void changedDocumentIsNobodyElses() {
		JpaRepository<Chest, Long> chests = this.cached.repository(ChestRepository.class);
		for (int round = 0; round < 3; round++) {
			Chest chest = inMuseum(() -> chests.findById(1L)).orElseThrow();
			assertThat(chest.contents).containsExactly(Map.entry("a", 1));
			assertThat(inMuseum(() -> chests.findById(2L)).orElseThrow().contents).isNull();

			chest.contents.put("b", 2);
		}
		assertThat(this.cached.hits(Chest.class)).isPositive();
	}

	// what it looks like

	@Test
	void whatIsAnsweredLooksLikeWhatIsRead() {
		Map<String, Class<? extends CrudRepository<?, ?>>> catalog = Map.of("product", ProductRepository.class, "media",
				MediaRepository.class, "tag", TagRepository.class, "productTag", ProductTagRepository.class);
		catalog.forEach((name, type) -> assertSameShapes(type, two.y.request()));
		assertSameShapes(PriceRuleRepository.class, two.priceY.request());
	}

	@Test
	void valuesOfAllTypesLookAsTheyAreRead() {
		assertSameShapes(SpecimenRepository.class, PinRequest.released("museum", "values"));
		assertSameShapes(CuriosityRepository.class, PinRequest.released("museum", "values"));
		assertSameShapes(ChestRepository.class, PinRequest.released("museum", "values"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void valuesLookAsTheyAreReadOnTheOtherNodeToo(boolean smile) {
		try (TestNode other = node("node-2"); Redis redis = new Redis(smile); Redis there = new Redis(smile)) {
			Cached here = new Cached(node, redis.tiers, RepositoryCacheSettings.defaults());
			Cached far = new Cached(other, there.tiers, RepositoryCacheSettings.defaults());
			for (Class<? extends CrudRepository<?, ?>> type : List.of(SpecimenRepository.class,
					CuriosityRepository.class, ChestRepository.class)) {
				assertKnownOnTheOtherNode(redis, here, far, other, type, PinRequest.released("museum", "values"));
			}
			assertKnownOnTheOtherNode(redis, here, far, other, ProductRepository.class, two.y.request());
			assertKnownOnTheOtherNode(redis, here, far, other, MediaRepository.class, two.y.request());
			assertKnownOnTheOtherNode(redis, here, far, other, PriceRuleRepository.class, two.priceY.request());
		}
	}

	@Test
	void referencesHaveTheirIdAndNothingElse() {
		ProductRepository products = products();
		product(products, 2).now();

		Product product = product(products, 2).now().orElseThrow();

		assertThat(Hibernate.isInitialized(product.getSuccessor())).isFalse();
		assertThat(((HibernateProxy) product.getCatalog()).getHibernateLazyInitializer().getIdentifier())
			.isEqualTo(new io.strates.entity.LongStrateKey(1L, two.y.build()));
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(() -> product.getSuccessor().getName());
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(() -> product.getTags().size());
	}

	@Test
	void whatIsReadTogetherRefersToEachOther() {
		ProductRepository products = products();
		List<Product> usual = pinned(two.y, () -> node.products.findAllById(List.of(1L, 2L, 3L)));
		pinned(two.y, () -> products.findAllById(List.of(1L, 2L, 3L)));

		List<Product> read = pinned(two.y, () -> products.findAllById(List.of(1L, 2L, 3L)));

		assertThat(read.stream().map(RepositoryCacheFixture::successor).toList())
			.isEqualTo(usual.stream().map(RepositoryCacheFixture::successor).toList());
	}

	@Test
	void detachedInstanceIsWrittenAsEver() {
		ProductRepository products = products();
		product(products, 2).now();
		Product kept = product(products, 2).now().orElseThrow();
		Product usual = product(node.products, 2).now().orElseThrow();
		kept.setPrice(7);
		usual.setPrice(7);

		assertThat(messageOf(() -> pinned(two.y, () -> products.save(kept))))
			.isEqualTo(messageOf(() -> pinned(two.y, () -> node.products.save(usual))))
			.isNotEmpty();
		assertThat(messageOf(() -> pinned(two.y, () -> {
			products.delete(kept);
			return true;
		}))).isEqualTo(messageOf(() -> pinned(two.y, () -> {
			node.products.delete(usual);
			return true;
		}))).isNotEmpty();
	}

	@Test
	void detachedInstanceIsMergedIntoASessionAsEver() {
		ProductRepository products = products();
		product(products, 2).now();
		Product kept = product(products, 2).now().orElseThrow();

		String merged = pinned(two.y, () -> node.inTransaction(() -> {
			EntityManager entities = node.entityManager();
			Product managed = entities.merge(kept);
			return managed.getName() + managed.getTags().size() + managed.getCatalog().getShop();
		}));

		String usual = pinned(two.y, () -> node.inTransaction(() -> {
			Product managed = node.products.findById(2L).orElseThrow();
			return managed.getName() + managed.getTags().size() + managed.getCatalog().getShop();
		}));
		assertThat(merged).isEqualTo(usual);
	}

	interface MediaRepository extends JpaRepository<Media, Long> {

	}

	interface TagRepository extends JpaRepository<Tag, String> {

	}

	interface ProductTagRepository extends JpaRepository<ProductTag, Integer> {

	}

	interface PriceRuleRepository extends JpaRepository<PriceRule, Integer> {

	}

	interface SpecimenRepository extends JpaRepository<Specimen, Long> {

	}

	interface CuriosityRepository extends JpaRepository<Curiosity, Long> {

	}

	interface ChestRepository extends JpaRepository<Chest, Long> {

	}

}
