package io.strates.sample.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.strates.entity.Stratified;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * A section of a suite, such as {@code libs}; its id is its name.
 */
@Entity
@Table(name = "section")
@Stratified(scope = Suites.SCOPE)
public class Section extends SuitePart {

	@Id
	@Column(length = PackageEntry.MAX_WORD)
	private String id;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Section() {
	}

	Section(Suite suite, String id) {
		super(suite);
		this.id = id;
	}

	/**
	 * Returns the name.
	 */
	@Override
	public String getId() {
		return this.id;
	}

}
