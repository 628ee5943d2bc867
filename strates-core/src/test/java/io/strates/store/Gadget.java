package io.strates.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

/** A thing with an owner, in the tests of stores. */
@Entity
@Tiered(tags = "owner", absentTimeToLive = "5s")
class Gadget {

	@Id
	@Nullable String id;

	String name = "";

	@Nullable String owner;

	int score;

	@Column(unique = true)
	@Nullable String serial;

	@Transient
	@Nullable String scribble;

	Gadget() {
	}

	Gadget(String id, String name) {
		this.id = id;
		this.name = name;
	}

	Gadget(String id, String name, String owner, int score) {
		this(id, name);
		this.owner = owner;
		this.score = score;
	}

	Gadget withSerial(String value) {
		this.serial = value;
		return this;
	}

	String getName() {
		return this.name;
	}

	@Nullable String getId() {
		return this.id;
	}

}
