package io.strates.sample.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * Says that a package bears a tag. Its id joins both: {@code 7zip role::program}.
 */
@Entity
@Table(name = "package_tag")
@Stratified(scope = Suites.SCOPE)
public class PackageTag extends StratifiedEntity {

	@Id
	@Column(length = PackageEntry.MAX_NAME + 1 + PackageEntry.MAX_TAG)
	private String id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private DebianPackage debianPackage;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Tag tag;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected PackageTag() {
	}

	PackageTag(DebianPackage debianPackage, Tag tag) {
		this.id = debianPackage.getId() + ' ' + tag.getId();
		this.debianPackage = debianPackage;
		this.tag = tag;
	}

	/**
	 * Returns the id that joins both names.
	 */
	@Override
	public String getId() {
		return this.id;
	}

	/**
	 * Returns the package.
	 */
	public DebianPackage getDebianPackage() {
		return this.debianPackage;
	}

	/**
	 * Returns the tag.
	 */
	public Tag getTag() {
		return this.tag;
	}

}
