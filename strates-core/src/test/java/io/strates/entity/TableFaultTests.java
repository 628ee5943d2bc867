package io.strates.entity;

import java.util.UUID;

import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.Subselect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults of tables and columns. */
@SuppressWarnings("unused")
class TableFaultTests extends StratifiedModelFixture {

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

}
