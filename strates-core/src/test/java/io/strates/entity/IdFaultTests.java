package io.strates.entity;

import java.io.Serializable;
import java.util.Set;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.MappedSuperclass;
import org.junit.jupiter.api.Test;

/** Faults of ids. */
@SuppressWarnings("unused")
class IdFaultTests extends StratifiedModelFixture {

	@Test
	void missingIdIsAFault() {
		assertFault("NoId", "has no @Id", NoId.class);
	}

	@Test
	void primitiveIdIsAFault() {
		assertFault("PrimitiveId.id", "of type long", PrimitiveId.class);
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

}
