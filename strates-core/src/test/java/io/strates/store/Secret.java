package io.strates.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** An entity with what is not for everybody. */
@Entity
@Tiered
class Secret {

	@Id
	long id;

	String name = "";

	@Encrypted
	@Column(columnDefinition = "text")
	@Nullable String token;

	@Encrypted
	@Column(columnDefinition = "text")
	@Nullable String pin;

	@OmitFromCache
	@Nullable String biography;

	Secret() {
	}

	Secret(long id, @Nullable String token) {
		this.id = id;
		this.token = token;
	}

}
