package io.strates.gc;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

/**
 * Garbage collection on MariaDB.
 */
@Tag("mariadb")
class MariaDbGarbageCollectionIntegrationTests extends GarbageCollectionContract {

	@Override
	DevDatabase newDatabase() {
		return DevMariaDb.newDatabase();
	}

}
