package io.strates.sample.catalog;

import jakarta.persistence.FetchType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;

import io.strates.entity.StratifiedEntity;

/**
 * A row that stands directly below a suite.
 */
@MappedSuperclass
public abstract class SuitePart extends StratifiedEntity {

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Suite suite;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected SuitePart() {
	}

	SuitePart(Suite suite) {
		this.suite = suite;
	}

	/**
	 * Returns the suite that it belongs to.
	 */
	public Suite getSuite() {
		return this.suite;
	}

}
