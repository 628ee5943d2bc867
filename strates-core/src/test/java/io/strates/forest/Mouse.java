package io.strates.forest;

import jakarta.persistence.Entity;

@Entity
public class Mouse extends Animal {

	private int litters;

	protected Mouse() {
	}

	public Mouse(Tree home, Animal prey, int litters) {
		super(home, prey);
		this.litters = litters;
	}

	public int getLitters() {
		return this.litters;
	}

}
