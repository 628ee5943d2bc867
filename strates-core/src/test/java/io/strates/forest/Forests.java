package io.strates.forest;

import java.util.List;

/** The entities of the forest. */
public final class Forests {

	private static final List<Class<?>> ENTITIES = List.of(Forest.class, Tree.class, Leaf.class, Ranger.class,
			Station.class, Animal.class, Bird.class, Mouse.class, Sighting.class);

	private Forests() {
	}

	public static Class<?>[] entities() {
		return ENTITIES.toArray(Class<?>[]::new);
	}

}
