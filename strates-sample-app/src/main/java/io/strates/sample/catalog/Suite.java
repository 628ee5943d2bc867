package io.strates.sample.catalog;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.sample.suite.Suites;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A suite of Debian, such as {@code bookworm}: the root of the scope, so that its id is
 * the scope id.
 */
@Entity
@Table(name = "suite")
@Stratified(scope = Suites.SCOPE, root = true, scopeId = "id")
public class Suite extends StratifiedEntity {

	@Id
	@Column(length = 100)
	private String id;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Suite() {
	}

	/**
	 * Creates a suite.
	 * @param id its code name
	 */
	public Suite(String id) {
		this.id = id;
	}

	/**
	 * Returns the code name.
	 */
	@Override
	public String getId() {
		return this.id;
	}

}
