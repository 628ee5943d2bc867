package io.strates.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** A row whose number the database counts up with every write. */
@Entity
@Tiered(absentTimeToLive = "1s")
class Tally {

	@Id
	@Nullable String id;

	long number;

	Tally() {
	}

	Tally(String id) {
		this.id = id;
	}

}
