package io.strates.entity;

import java.util.List;

import io.strates.TestNode;
import io.strates.shop.Catalog;
import io.strates.shop.DiscountRule;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.Tag;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link StratifiedModel}, {@link StratifiedModelReader} and
 * {@link AttributeRules}.
 */
@SuppressWarnings("unused")
class StratifiedModelTests extends StratifiedModelFixture {

	// what is fine

	@Test
	void ofReadsScopesRootsAndIds() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThat(model.scopes()).containsExactly("catalog", "pricing");
		assertThat(model.root("catalog").javaType()).isEqualTo(Catalog.class);
		assertThat(model.root("catalog").scopeIdAttribute()).isEqualTo("shop");
		assertThat(model.require(Tag.class).keyType()).isEqualTo(StringStrateKey.class);
		assertThat(model.require(PriceRule.class).keyType()).isEqualTo(IntegerStrateKey.class);
		assertThat(model.types("pricing")).extracting(StratifiedType::name)
			.containsExactly("DiscountRule", "PriceRule");
	}

	@Test
	void ofReadsTheOwningAssociationsInsideAScopeOnceEach() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThat(model.associations())
			.extracting((association) -> association.member().getDeclaringClass().getSimpleName() + "."
					+ association.attribute())
			.containsExactlyInAnyOrder("Settings.catalog", "Product.catalog", "Product.successor",
					"Dimensions.packaging", "ProductTag.product", "ProductTag.tag", "Media.product", "Image.thumbnail",
					"DiscountRule.base");
	}

	@Test
	void rootOfAHierarchyIsItsTopmostEntityOnly() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThat(model.root("pricing").javaType()).isEqualTo(PriceRule.class);
		assertThat(model.require(DiscountRule.class).root()).isFalse();
	}

	@Test
	void findGoesFromAProxyClassToItsEntity() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThat(model.find(new Product(1, "a", 1, null) {
		}.getClass())).isSameAs(model.require(Product.class));
		assertThat(model.find(String.class)).isNull();
	}

	@Test
	void rootOfAMistypedScopeSuggestsTheNearestOneFirst() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThatThrownBy(() -> model.root("Catalogs"))
			.hasMessage("Scope 'Catalogs' is not declared; did you mean 'catalog'? Declared scopes: [catalog, pricing]."
					+ " If it is a new one, declare it with @Stratified(scope = \"Catalogs\", root = true) on its root"
					+ " entity");
		assertThatThrownBy(() -> model.root("rpicing")).hasMessageContaining("did you mean 'pricing'?");
		assertThatThrownBy(() -> model.root("shop")).hasMessageNotContaining("did you mean");
		assertThatThrownBy(() -> StratifiedModel.of(List.of()).root("shop"))
			.hasMessageStartingWith("Scope 'shop' is not declared; no scope is; declare it with");
	}

	@Test
	void rootOfAnUnknownScopeNamesTheKnownOnes() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThatThrownBy(() -> model.root("shop")).isInstanceOf(UnknownScopeException.class)
			.hasMessageContainingAll("shop", "catalog", "pricing");
		assertThatThrownBy(() -> model.types("shop")).isInstanceOf(UnknownScopeException.class);
	}

	@Test
	void requireOfAnUnstratifiedClassSaysWhatToAdd() {
		StratifiedModel model = StratifiedModel.of(TestNode.SHOP);

		assertThatIllegalArgumentException().isThrownBy(() -> model.require(String.class))
			.withMessageContaining("@Stratified");
	}

	@Test
	void scopeIdAttributeOfASubclassIsThatOfItsParent() {
		StratifiedModel model = StratifiedModel.of(List.of(Root.class, RootSub.class));

		assertThat(model.require(RootSub.class).scopeIdAttribute()).isEqualTo("shop");
	}

	@Test
	void nameOfATypeIsTheNameOfItsEntity() {
		StratifiedModel model = StratifiedModel.of(List.of(Root.class, Renamed.class));

		assertThat(model.require(Renamed.class).name()).isEqualTo("Other");
	}

	@Entity
	@Stratified(scope = "s")
	static class RootSub extends Root {

	}

	@Entity(name = "Other")
	@Stratified(scope = "s")
	static class Renamed extends Base {

		@Id
		Long id;

	}

	// all at once

	@Test
	void ofListsAllFaultsInOneMessage() {
		assertThatThrownBy(() -> StratifiedModel
			.of(List.of(NotExtending.class, NotAnnotated.class, NoId.class, PrimitiveId.class, Lonely.class)))
			.isInstanceOf(StratesMappingException.class)
			.hasMessageStartingWith("Stratified entities are declared wrongly (7):")
			.hasMessageContainingAll("\n  - Lonely: ", "\n  - NoId: has no @Id", "\n  - NotAnnotated: extends",
					"\n  - NotExtending: is @Stratified",
					"\n  - PrimitiveId.id: is an @Id of type long; use the wrapper",
					"\n  - scope 's': has no root among [NoId, PrimitiveId]; say root = true",
					"\n  - scope 'lonely': has no root");
	}

	@Entity
	@Stratified(scope = "lonely")
	@IdClass(LongStrateKey.class)
	static class Lonely extends Base {

		@Id
		Long id;

	}

}
