package io.strates.forest;

/** The entities of the forest. */
public final class Forests {

	public static final Class<?>[] ENTITIES = { Forest.class, Tree.class, Leaf.class, Ranger.class, Station.class,
			Animal.class, Bird.class, Mouse.class, Sighting.class };

	private Forests() {
	}

}
