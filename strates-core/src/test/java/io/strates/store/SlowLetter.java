package io.strates.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** An entity whose readers are overtaken, for which {@link SlowTables} cares. */
@Entity
@Tiered(absentTimeToLive = "5s")
class SlowLetter {

	@Id
	@Nullable String id;

	String text = "";

	@Nullable String sender;

	SlowLetter() {
	}

	SlowLetter(String id, String text, String sender) {
		this.id = id;
		this.text = text;
		this.sender = sender;
	}

}
