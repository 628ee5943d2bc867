package io.strates.entity;

import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
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
import org.hibernate.annotations.Any;
import org.hibernate.annotations.JoinFormula;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults of associations. */
@SuppressWarnings("unused")
class AssociationFaultTests extends StratifiedModelFixture {

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
