package io.strates.query;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

/**
 * The difference of two builds on MariaDb.
 */
@Tag("mariadb")
class MariaDbDifferenceIntegrationTests extends DifferenceContract {

	@Override
	DevDatabase newDatabase() {
		return DevMariaDb.newDatabase();
	}

}
