package io.strates.boot.stored;

import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;

/** What has an id of a type that is declared below. */
@MappedSuperclass
public abstract class AbstractMemo<ID> {

	@Id
	private ID id;

	protected AbstractMemo() {
	}

	protected AbstractMemo(ID id) {
		this.id = id;
	}

	public ID getId() {
		return this.id;
	}

}
