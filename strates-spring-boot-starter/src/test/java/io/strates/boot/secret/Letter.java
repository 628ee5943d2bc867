package io.strates.boot.secret;

import io.strates.store.Encrypted;
import io.strates.store.Tiered;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
@Tiered
public class Letter {

	@Id
	private Long id;

	@Encrypted
	@Column(length = 1000)
	private String text;

	protected Letter() {
	}

	public Letter(Long id, String text) {
		this.id = id;
		this.text = text;
	}

	public String getText() {
		return this.text;
	}

}
