package io.strates.boot.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An entity that is not stratified. */
@Entity
public class Note {

	@Id
	private Long id;

	private String content;

	protected Note() {
	}

	public Note(Long id, String content) {
		this.id = id;
		this.content = content;
	}

	public String getContent() {
		return this.content;
	}

}
