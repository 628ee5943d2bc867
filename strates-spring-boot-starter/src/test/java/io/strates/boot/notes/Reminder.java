package io.strates.boot.notes;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An entity that is not stratified, outside the shop. */
@Entity
public class Reminder {

	@Id
	private Long id;

	protected Reminder() {
	}

	public Reminder(Long id) {
		this.id = id;
	}

}
