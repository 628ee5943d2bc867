package io.strates.sample.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.strates.entity.Stratified;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * A tag that packages bear, such as {@code role::program}; its id is its text.
 */
@Entity
@Table(name = "tag")
@Stratified(scope = Suites.SCOPE)
public class Tag extends SuitePart {

	@Id
	@Column(length = PackageEntry.MAX_TAG)
	private String id;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Tag() {
	}

	Tag(Suite suite, String id) {
		super(suite);
		this.id = id;
	}

	/**
	 * Returns the text.
	 */
	@Override
	public String getId() {
		return this.id;
	}

}
