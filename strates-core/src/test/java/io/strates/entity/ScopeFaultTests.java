package io.strates.entity;

import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults of scopes, of their roots and of scope ids. */
@SuppressWarnings("unused")
class ScopeFaultTests extends StratifiedModelFixture {

	@Test
	void entityThatDoesNotExtendStratifiedEntityIsAFault() {
		assertFault("NotExtending", "has no build in its key", NotExtending.class);
	}

	@Test
	void entityWithoutScopeIsAFault() {
		assertFault("NotAnnotated", "belongs to no scope", NotAnnotated.class);
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

}
