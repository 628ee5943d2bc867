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
 * A section of a suite, such as {@code libs}; its id is its name.
 */
@Entity
@Table(name = "section")
@Stratified(scope = Suites.SCOPE)
public class Section extends StratifiedEntity {

	@Id
	@Column(length = PackageEntry.MAX_WORD)
	private String id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Suite suite;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Section() {
	}

	Section(Suite suite, String id) {
		this.id = id;
		this.suite = suite;
	}

	/**
	 * Returns the name.
	 */
	@Override
	public String getId() {
		return this.id;
	}

	/**
	 * Returns the suite that it belongs to.
	 */
	public Suite getSuite() {
		return this.suite;
	}

}
