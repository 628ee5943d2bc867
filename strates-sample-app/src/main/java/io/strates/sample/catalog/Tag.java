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
 * A tag that packages bear, such as {@code role::program}; its id is its text.
 */
@Entity
@Table(name = "tag")
@Stratified(scope = Suites.SCOPE)
public class Tag extends StratifiedEntity {

	@Id
	@Column(length = PackageEntry.MAX_TAG)
	private String id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Suite suite;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Tag() {
	}

	Tag(Suite suite, String id) {
		this.id = id;
		this.suite = suite;
	}

	/**
	 * Returns the text.
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
