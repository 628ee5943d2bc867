package io.strates.forest;

import jakarta.persistence.Entity;

@Entity
public class Bird extends Animal {

	private int wingspan;

	protected Bird() {
	}

	public Bird(Tree home, Animal prey, int wingspan) {
		super(home, prey);
		this.wingspan = wingspan;
	}

	public int getWingspan() {
		return this.wingspan;
	}

}
