package io.strates.boot.stored;

import io.strates.store.Tiered;
import jakarta.persistence.Entity;

@Entity
@Tiered(localTimeToLive = "7m")
public class Memo extends AbstractMemo<String> {

	private String text;

	protected Memo() {
	}

	public Memo(String id, String text) {
		super(id);
		this.text = text;
	}

	public String getText() {
		return this.text;
	}

}
