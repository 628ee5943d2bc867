package io.strates.entity;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.strates.TestNode;
import io.strates.shop.Catalog;
import io.strates.shop.DiscountRule;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.Tag;
import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinColumns;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.MapsId;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import org.hibernate.annotations.Any;
import org.hibernate.annotations.JoinFormula;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.Subselect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link StratifiedModel}, {@link StratifiedModelReader} and
 * {@link AttributeRules}.
 */
@SuppressWarnings("unused")
class StratifiedModelTests {

	private static List<MappingFault> faults(Class<?>... classes) {
		List<Class<?>> all = new ArrayList<>(List.of(classes));
		all.add(Root.class);
		StratesMappingException refused = catchThrowableOfType(StratesMappingException.class,
				() -> StratifiedModel.of(all));
		assertThat(refused).as("refused").isNotNull();
		return refused.getFaults();
	}

	private static void assertFault(String where, String problem, Class<?>... classes) {
		assertThat(faults(classes)).singleElement().satisfies((fault) -> {
			assertThat(fault.where()).isEqualTo(where);
			assertThat(fault.problem()).contains(problem);
			assertThat(fault.remedy()).isNotBlank();
		});
	}

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
	@Stratified(scope = "s", root = true, scopeId = "shop")
	static class Root extends Base {

		@Id
		Long id;

		String shop;

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

	@MappedSuperclass
	abstract static class Base extends StratifiedEntity {

		@Override
		public Object getId() {
			return 1L;
		}

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

	// the class

	@Test
	void entityThatDoesNotExtendStratifiedEntityIsAFault() {
		assertFault("NotExtending", "has no build in its key", NotExtending.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class NotExtending {

		@Id
		Long id;

	}

	@Test
	void entityWithoutScopeIsAFault() {
		assertFault("NotAnnotated", "belongs to no scope", NotAnnotated.class);
	}

	@Entity
	static class NotAnnotated extends Base {

		@Id
		Long id;

	}

	@Test
	void stratifiedClassWithoutEntityIsAFault() {
		assertFault("ByXml", "carries no @Entity", ByXml.class);
	}

	@Stratified(scope = "s")
	static class ByXml extends Base {

		@Id
		Long id;

	}

	@Test
	void tablePerClassIsAFaultOnce() {
		assertFault("PerClass", "TABLE_PER_CLASS", PerClass.class, PerClassSub.class);
	}

	@Entity
	@Stratified(scope = "s")
	@Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
	static class PerClass extends Base {

		@Id
		Long id;

	}

	@Entity
	static class PerClassSub extends PerClass {

	}

	@Test
	void secondaryTableIsAFault() {
		assertFault("Secondary", "secondary table", Secondary.class);
	}

	@Entity
	@Stratified(scope = "s")
	@SecondaryTable(name = "more")
	static class Secondary extends Base {

		@Id
		Long id;

	}

	@Test
	void primaryKeyJoinColumnOfASubclassIsAFault() {
		assertFault("KeyRenamed", "@PrimaryKeyJoinColumn", KeyRenamed.class);
	}

	@Entity
	@PrimaryKeyJoinColumn(name = "root_id")
	static class KeyRenamed extends Root {

	}

	@Test
	void subselectIsAFault() {
		assertFault("View", "@Subselect", View.class);
	}

	@Entity
	@Stratified(scope = "s")
	@Subselect("select 1")
	static class View extends Base {

		@Id
		Long id;

	}

	@Test
	void associationOverrideIsAFault() {
		assertFault("Overriding", "@AssociationOverride", Overriding.class);
		assertFault("OverridingEmbedded.part", "@AssociationOverride", OverridingEmbedded.class);
	}

	@MappedSuperclass
	abstract static class WithParent extends Base {

		@Id
		Long id;

		@ManyToOne
		Root parent;

	}

	@Entity
	@Stratified(scope = "s")
	@AssociationOverride(name = "parent", joinColumns = @JoinColumn(name = "p"))
	static class Overriding extends WithParent {

	}

	@Embeddable
	static class Part {

		@ManyToOne
		Root parent;

	}

	@Entity
	@Stratified(scope = "s")
	static class OverridingEmbedded extends Base {

		@Id
		Long id;

		@Embedded
		@AssociationOverride(name = "parent", joinColumns = @JoinColumn(name = "p"))
		Part part;

	}

	@Test
	void overrideOfTheBuildColumnIsAFault() {
		assertFault("BuildOverride", "overrides the column of the build", BuildOverride.class);
	}

	@Entity
	@Stratified(scope = "s")
	@AttributeOverride(name = "buildStrate", column = @Column(name = "b"))
	static class BuildOverride extends Base {

		@Id
		Long id;

	}

	// the scope

	@Test
	void blankScopeIsAFaultOnceInAHierarchy() {
		assertThat(faults(Blank.class, BlankSub.class)).extracting(MappingFault::where)
			.containsExactly("Blank", "scope ' '");
	}

	@Entity
	@Stratified(scope = " ")
	static class Blank extends Base {

		@Id
		Long id;

	}

	@Entity
	static class BlankSub extends Blank {

	}

	@Test
	void longScopeIsAFault() {
		assertThat(faults(Long65.class)).extracting(MappingFault::where).contains("Long65");
	}

	@Entity
	@Stratified(scope = "12345678901234567890123456789012345678901234567890123456789012345", root = true)
	static class Long65 extends Base {

		@Id
		Long id;

	}

	@Test
	void scopeWithTwoRootsIsAFault() {
		assertFault("scope 's'", "has the roots [Root, SecondRoot]", SecondRoot.class);
	}

	@Entity
	@Stratified(scope = "s", root = true)
	static class SecondRoot extends Base {

		@Id
		Long id;

	}

	@Test
	void rootInTheMiddleOfAHierarchyIsAFault() {
		assertFault("MiddleRoot", "root of its scope but extends", MiddleRoot.class);
	}

	@Entity
	@Stratified(scope = "s", root = true)
	static class MiddleRoot extends Root {

	}

	@Test
	void hierarchyOfTwoScopesIsAFault() {
		assertThat(faults(OtherScope.class)).extracting(MappingFault::toString)
			.anyMatch((fault) -> fault.startsWith("OtherScope: is of scope 't' but extends an entity of scope 's'"));
	}

	@Entity
	@Stratified(scope = "t")
	static class OtherScope extends Root {

	}

	@Test
	void unknownScopeIdAttributeIsAFault() {
		assertFault("UnknownScopeId.shop", "no basic attribute", UnknownScopeId.class);
	}

	@Entity
	@Stratified(scope = "s", scopeId = "shop")
	static class UnknownScopeId extends Base {

		@Id
		Long id;

	}

	@Test
	void scopeIdAttributeThatIsEmbeddedOrAnAssociationIsAFault() {
		assertFault("EmbeddedScopeId.shop", "no basic attribute", EmbeddedScopeId.class);
		assertFault("AssociatedScopeId.shop", "no basic attribute", AssociatedScopeId.class);
	}

	@Embeddable
	static class Address {

		String shop;

	}

	@Entity
	@Stratified(scope = "s", scopeId = "shop")
	static class EmbeddedScopeId extends Base {

		@Id
		Long id;

		Address address;

	}

	@Entity
	@Stratified(scope = "s", scopeId = "shop")
	static class AssociatedScopeId extends Base {

		@Id
		Long id;

		@ManyToOne
		Root shop;

	}

	// the id

	@Test
	void missingIdIsAFault() {
		assertFault("NoId", "has no @Id", NoId.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class NoId extends Base {

	}

	@Test
	void primitiveIdIsAFault() {
		assertFault("PrimitiveId.id", "of type long", PrimitiveId.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class PrimitiveId extends Base {

		@Id
		long id;

	}

	@Test
	void idOfAnotherTypeIsAFault() {
		assertFault("ShortId.id", "of type Short", ShortId.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class ShortId extends Base {

		@Id
		Short id;

	}

	@Test
	void idOfAnotherNameIsAFault() {
		assertFault("Code.code", "not named 'id'", Code.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class Code extends Base {

		@Id
		String code;

	}

	@Test
	void twoIdsAreAFault() {
		assertFault("TwoIds", "has 2 @Id", TwoIds.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class TwoIds extends Base {

		@Id
		Long id;

		@Id
		Long other;

	}

	@Test
	void idInASubclassIsAFault() {
		assertFault("IdAgain.other", "in a subclass", IdAgain.class);
	}

	@Entity
	static class IdAgain extends Root {

		@Id
		Long other;

	}

	@Test
	void embeddedIdIsAFault() {
		assertFault("Embedding.id", "@EmbeddedId", Embedding.class);
	}

	@Embeddable
	record Key(Long a, Long b) implements Serializable {
	}

	@Entity
	@Stratified(scope = "s")
	static class Embedding extends Base {

		@EmbeddedId
		Key id;

	}

	@Test
	void idClassIsAFaultAlsoOnAMappedSuperclass() {
		assertFault("WithIdClass", "@IdClass", WithIdClass.class);
		assertFault("IdClassBase", "@IdClass", InheritsIdClass.class);
	}

	@Entity
	@Stratified(scope = "s")
	@IdClass(LongStrateKey.class)
	static class WithIdClass extends Base {

		@Id
		Long id;

	}

	@MappedSuperclass
	@IdClass(LongStrateKey.class)
	abstract static class IdClassBase extends Base {

		@Id
		Long id;

	}

	@Entity
	@Stratified(scope = "s")
	static class InheritsIdClass extends IdClassBase {

	}

	@Test
	void identityColumnIsAFaultOnceForAllWhoInheritIt() {
		assertFault("IdentityBase.id", "identity column", Identity.class, AlsoIdentity.class);
	}

	@MappedSuperclass
	abstract static class IdentityBase extends Base {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		Long id;

	}

	@Entity
	@Stratified(scope = "s")
	static class Identity extends IdentityBase {

	}

	@Entity
	@Stratified(scope = "s")
	static class AlsoIdentity extends IdentityBase {

	}

	// attributes

	@Test
	void faultOfAParentEntityIsNotRepeatedForItsSubclasses() {
		assertFault("ManyParent.others", "@ManyToMany", ManyParent.class, ManyChild.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class ManyParent extends Base {

		@Id
		Long id;

		@ManyToMany
		Set<Root> others;

	}

	@Entity
	static class ManyChild extends ManyParent {

	}

	@Test
	void unidirectionalOneToManyIsAFault() {
		assertFault("OneWay.others", "unidirectional", OneWay.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class OneWay extends Base {

		@Id
		Long id;

		@OneToMany
		@JoinColumn(name = "one_way")
		Set<Root> others;

	}

	@Test
	void orderColumnOfOneToManyIsAFault() {
		assertFault("Ordered.others", "order or key", Ordered.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class Ordered extends WithParent {

		@OneToMany(mappedBy = "parent")
		@OrderColumn
		List<Ordered> others;

	}

	@Test
	void mapOfOneToManyWithoutAttributeAsItsKeyIsAFault() {
		assertFault("Keyed.others", "order or key", Keyed.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class Keyed extends WithParent {

		@OneToMany(mappedBy = "parent")
		Map<Root, Keyed> others;

	}

	@Test
	void joinThatIsNotOneColumnIsAFault() {
		assertThat(faults(Joins.class)).extracting(MappingFault::where, MappingFault::problem)
			.satisfiesExactlyInAnyOrder(
					(fault) -> assertThat(fault.toList().toString()).contains("Joins.a", "@JoinTable"),
					(fault) -> assertThat(fault.toList().toString()).contains("Joins.b", "@MapsId"),
					(fault) -> assertThat(fault.toList().toString()).contains("Joins.c", "@JoinColumns"),
					(fault) -> assertThat(fault.toList().toString()).contains("Joins.d", "@PrimaryKeyJoinColumn"),
					(fault) -> assertThat(fault.toList().toString()).contains("Joins.e", "@JoinFormula"));
	}

	@Entity
	@Stratified(scope = "s")
	static class Joins extends Base {

		@Id
		Long id;

		@ManyToOne
		@JoinTable
		Root a;

		@OneToOne
		@MapsId
		Root b;

		@ManyToOne
		@JoinColumns({ @JoinColumn(name = "x"), @JoinColumn(name = "y") })
		Root c;

		@OneToOne
		@PrimaryKeyJoinColumn
		Root d;

		@ManyToOne
		@JoinFormula("1")
		Root e;

	}

	@Test
	void joinOnAnotherColumnThanTheIdIsAFault() {
		assertFault("ByCode.root", "joins on the column 'shop'", ByCode.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class ByCode extends Base {

		@Id
		Long id;

		@ManyToOne
		@JoinColumn(name = "shop", referencedColumnName = "shop")
		Root root;

		@ManyToOne
		@JoinColumn(name = "root_id", referencedColumnName = "id")
		Root fine;

	}

	@Test
	void associationAcrossScopesIsAFault() {
		assertThat(faults(OfPricing.class)).extracting(MappingFault::toString)
			.anyMatch((fault) -> fault.startsWith("OfPricing.root: crosses from scope 't' to scope 's'"));
	}

	@Entity
	@Stratified(scope = "t", root = true)
	static class OfPricing extends Base {

		@Id
		Long id;

		@ManyToOne
		Root root;

	}

	@Test
	void associationFromAnUnstratifiedEntityIsAFault() {
		assertThat(faults(Order.class)).extracting(MappingFault::where)
			.containsExactly("Order.root", "Order.roots", "Order.lines");
	}

	@Embeddable
	static class Line {

		@ManyToOne
		Root root;

	}

	@Entity
	static class Order {

		@Id
		Long id;

		@ManyToOne
		Root root;

		@ManyToMany
		Set<Root> roots;

		@ElementCollection
		List<Line> lines;

	}

	@Test
	void anyIsAFault() {
		assertFault("Loose.target", "entities of any type", Loose.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class Loose extends Base {

		@Id
		Long id;

		@Any
		Object target;

	}

	@Test
	void naturalIdIsAFault() {
		assertFault("Natural.code", "@NaturalId", Natural.class);
	}

	@Entity
	@Stratified(scope = "s")
	static class Natural extends Base {

		@Id
		Long id;

		@NaturalId
		String code;

	}

	@Test
	void attributeOnTheColumnOfTheBuildIsAFault() {
		assertThat(faults(Twice.class)).extracting(MappingFault::where)
			.containsExactlyInAnyOrder("Twice.build", "Twice.root", "Twice.buildStrate");
	}

	@Entity
	@Stratified(scope = "s")
	static class Twice extends Base {

		@Id
		Long id;

		@Column(name = "BUILD_STRATE")
		UUID build;

		@ManyToOne
		@JoinColumn(name = "`build_strate`")
		Root root;

		UUID buildStrate;

	}

	@Test
	void elementCollectionThatPointsAtAStratifiedEntityIsAFault() {
		assertThat(faults(Elements.class)).extracting(MappingFault::where)
			.containsExactlyInAnyOrder("Elements.lines", "Elements.amounts", "Elements.names");
	}

	@Entity
	@Stratified(scope = "s")
	static class Elements extends Base {

		@Id
		Long id;

		@ElementCollection
		List<Line> lines;

		@ElementCollection
		Map<Root, Integer> amounts;

		@ElementCollection
		@CollectionTable(name = "element_name", joinColumns = @JoinColumn(name = "element_id"))
		Set<String> names;

	}

	@Test
	void inheritedAssociationToTargetsWithDifferentIdColumnsIsAFault() {
		assertFault("Generic.parent", "columns of different names", GenericA.class, GenericB.class, OtherColumn.class);
	}

	@MappedSuperclass
	abstract static class Generic<P> extends Base {

		@Id
		Long id;

		@ManyToOne
		P parent;

	}

	@Entity
	@Stratified(scope = "s")
	static class GenericA extends Generic<Root> {

	}

	@Entity
	@Stratified(scope = "s")
	static class GenericB extends Generic<OtherColumn> {

	}

	@Entity
	@Stratified(scope = "s")
	static class OtherColumn extends Base {

		@Id
		@Column(name = "no")
		Long id;

	}

}
