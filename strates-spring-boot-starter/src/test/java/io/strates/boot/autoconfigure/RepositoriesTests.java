package io.strates.boot.autoconfigure;

import java.util.List;

import io.strates.boot.shop.Note;
import io.strates.boot.shop.NoteRepository;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.query.Pinned;
import io.strates.query.QueryService;
import io.strates.query.hibernate.StratifiedJpaRepository;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.support.JpaEntityInformation;
import org.springframework.data.jpa.repository.support.SimpleJpaRepository;
import org.springframework.data.repository.ListCrudRepository;

import static org.assertj.core.api.Assertions.assertThat;

class RepositoriesTests {

	@Test
	void baseClassOfTheApplicationThatKnowsOfBuildsIsUsed() {
		Contexts.shop().withUserConfiguration(GoodBase.class).run((context) -> {
			Shops.release(context, "berlin", 2, 10);
			Boolean found = context.getBean(QueryService.class)
				.pinned("shop", "berlin", () -> context.getBean(ProductRepository.class).existsById(2L));

			assertThat(found).isTrue();
			assertThat(context.getBean(ProductRepository.class)).hasToString("good");
			NoteRepository notes = context.getBean(NoteRepository.class);
			notes.save(new Note(1L, "plain"));
			assertThat(notes.existsById(1L)).isTrue();
			notes.deleteAllByIdInBatch(List.of(1L));
			assertThat(notes.findAllById(List.of(1L))).isEmpty();
		});
	}

	@Test
	void baseClassThatDoesNotKnowOfBuildsIsRefused() {
		Contexts.shop()
			.withUserConfiguration(BadBase.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(StratesStartException.class)
				.hasMessageContaining("base class " + SimpleJpaRepository.class.getName())
				.hasMessageContaining("extend " + StratifiedJpaRepository.class.getName()));
	}

	@Test
	void repositoryTakesThePinsThatItsInterfaceAndMethodsDeclare() {
		Contexts.shop().withUserConfiguration(PinnedRepositories.class).run((context) -> {
			Shops.release(context, "berlin", 2, 10);
			Shops.release(context, "paris", 5, 10);
			BerlinProducts products = context.getBean(BerlinProducts.class);

			assertThat(products.count()).isEqualTo(2);
			assertThat(products.findById(2L)).isPresent();
			assertThat(products.countByShopIdNotNull("paris")).isEqualTo(5);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(basePackageClasses = Product.class, repositoryBaseClass = GoodRepository.class)
	static class GoodBase {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(basePackageClasses = Product.class, repositoryBaseClass = SimpleJpaRepository.class)
	static class BadBase {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(considerNestedRepositories = true)
	static class PinnedRepositories {

	}

	static class GoodRepository<T, ID> extends StratifiedJpaRepository<T, ID> {

		GoodRepository(JpaEntityInformation<T, ?> information, EntityManager entityManager) {
			super(information, entityManager);
		}

		@Override
		public String toString() {
			return "good";
		}

	}

	@Pinned(scope = "shop", scopeId = "berlin")
	interface BerlinProducts extends ListCrudRepository<Product, Long> {

		@Pinned(scope = "shop", scopeId = "#code")
		@org.springframework.data.jpa.repository.Query("select count(p) from Product p where p.shop.id is not null or :code = ''")
		long countByShopIdNotNull(String code);

	}

}
