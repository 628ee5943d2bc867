package io.strates.sample.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.sample.debian.Alternative;
import io.strates.sample.debian.DependencyType;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * One alternative of one clause of a package's dependencies. Its id is its place:
 * {@code 7zip:d0.1} is the second alternative of the first clause in the field Depends of
 * 7zip.
 */
@Entity
@Table(name = "dependency", indexes = @Index(name = "dependency_target", columnList = "build_strate, target"))
@Stratified(scope = Suites.SCOPE)
public class Dependency extends StratifiedEntity {

	@Id
	@Column(length = PackageEntry.MAX_NAME + 24)
	private String id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private DebianPackage dependent;

	@Enumerated(EnumType.STRING)
	@Column(nullable = false, length = 11)
	private DependencyType type;

	@Column(nullable = false)
	private int clause;

	@Column(nullable = false)
	private int alternative;

	@Column(nullable = false, length = PackageEntry.MAX_NAME)
	private String target;

	@Column(length = 2)
	private @Nullable String relation;

	@Column(length = PackageEntry.MAX_VERSION)
	private @Nullable String version;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Dependency() {
	}

	Dependency(DebianPackage dependent, DependencyType type, int clause, int alternative, Alternative content) {
		this.id = dependent.getId() + ':' + letter(type) + clause + '.' + alternative;
		this.dependent = dependent;
		this.type = type;
		this.clause = clause;
		this.alternative = alternative;
		this.target = content.name();
		Alternative.Constraint constraint = content.constraint();
		if (constraint != null) {
			this.relation = constraint.relation().symbol();
			this.version = constraint.version().text();
		}
	}

	private static char letter(DependencyType type) {
		return Character.toLowerCase(type.field().charAt(0));
	}

	/**
	 * Returns the id that belongs to the place.
	 */
	@Override
	public String getId() {
		return this.id;
	}

	/**
	 * Returns the package that depends on the target.
	 */
	public DebianPackage getDependent() {
		return this.dependent;
	}

	/**
	 * Returns the field that it stands in.
	 */
	public DependencyType getType() {
		return this.type;
	}

	/**
	 * Returns the number of its clause within the field, from 0.
	 */
	public int getClause() {
		return this.clause;
	}

	/**
	 * Returns its place among the alternatives of the clause, from 0.
	 */
	public int getAlternative() {
		return this.alternative;
	}

	/**
	 * Returns the name of what will do, which the suite may or may not have.
	 */
	public String getTarget() {
		return this.target;
	}

	/**
	 * Returns how the target's version must relate to {@link #getVersion()}, such as
	 * {@code >=}, or {@code null} if any will do.
	 */
	public @Nullable String getRelation() {
		return this.relation;
	}

	/**
	 * Returns the version that limits the target's, or {@code null} if any will do.
	 */
	public @Nullable String getVersion() {
		return this.version;
	}

}
