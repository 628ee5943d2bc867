package io.strates.sample.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

import io.strates.entity.Stratified;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * A package of a suite; its id is its name.
 */
@Entity
@Table(name = "debian_package")
@Stratified(scope = Suites.SCOPE)
public class DebianPackage extends SuitePart {

	@Id
	@Column(length = PackageEntry.MAX_NAME)
	private String id;

	@ManyToOne(fetch = FetchType.LAZY)
	private @Nullable Section section;

	@ManyToOne(fetch = FetchType.LAZY)
	private @Nullable Maintainer maintainer;

	@Column(nullable = false, length = PackageEntry.MAX_VERSION)
	private String version;

	@Column(nullable = false, length = PackageEntry.MAX_WORD)
	private String architecture;

	@Column(length = PackageEntry.MAX_WORD)
	private @Nullable String priority;

	private @Nullable Long installedSize;

	@Column(length = PackageEntry.MAX_TEXT)
	private @Nullable String description;

	@Column(length = PackageEntry.MAX_TEXT)
	private @Nullable String homepage;

	@OneToMany(mappedBy = "dependent")
	@OrderBy("type, clause, alternative")
	private List<Dependency> dependencies = new ArrayList<>();

	@OneToMany(mappedBy = "debianPackage")
	@OrderBy("id")
	private Set<PackageTag> tags = new LinkedHashSet<>();

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected DebianPackage() {
	}

	DebianPackage(Suite suite, PackageEntry entry, @Nullable Section section, @Nullable Maintainer maintainer) {
		super(suite);
		this.id = entry.name();
		this.section = section;
		this.maintainer = maintainer;
		this.version = entry.version().text();
		this.architecture = entry.architecture();
		this.priority = entry.priority();
		this.installedSize = entry.installedSize();
		this.description = entry.description();
		this.homepage = entry.homepage();
	}

	/**
	 * Returns the name.
	 */
	@Override
	public String getId() {
		return this.id;
	}

	/**
	 * Returns the section, or {@code null} if the index names none.
	 */
	public @Nullable Section getSection() {
		return this.section;
	}

	/**
	 * Returns who maintains it, or {@code null} if the index names nobody.
	 */
	public @Nullable Maintainer getMaintainer() {
		return this.maintainer;
	}

	/**
	 * Returns the version.
	 */
	public String getVersion() {
		return this.version;
	}

	/**
	 * Returns the architecture, or {@code all}.
	 */
	public String getArchitecture() {
		return this.architecture;
	}

	/**
	 * Returns how important it is to an installation, or {@code null} if the index does
	 * not say.
	 */
	public @Nullable String getPriority() {
		return this.priority;
	}

	/**
	 * Returns its estimated size in KiB, or {@code null} if the index does not say.
	 */
	public @Nullable Long getInstalledSize() {
		return this.installedSize;
	}

	/**
	 * Returns what it is, or {@code null} if the index does not say.
	 */
	public @Nullable String getDescription() {
		return this.description;
	}

	/**
	 * Returns the address of its site, or {@code null} if the index names none.
	 */
	public @Nullable String getHomepage() {
		return this.homepage;
	}

	/**
	 * Returns its dependencies: by type, by clause, the preferred alternative first.
	 */
	public List<Dependency> getDependencies() {
		return this.dependencies;
	}

	/**
	 * Returns the tags that it bears, sorted.
	 */
	public Set<PackageTag> getTags() {
		return this.tags;
	}

}
