package io.strates.gc;

import io.strates.dev.DevDatabase;

/**
 * Garbage collection on H2.
 */
class H2GarbageCollectionTests extends GarbageCollectionContract {

	@Override
	DevDatabase newDatabase() {
		return new DevDatabase("jdbc:h2:mem:collection;DB_CLOSE_DELAY=-1", "sa", "");
	}

}
