package io.strates.entity.hibernate;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

/**
 * Tests for {@link SchemaIntegrator} on MariaDB.
 */
@Tag("mariadb")
class MariaDbSchemaIntegrationTests extends SchemaContract {

	@Override
	DevDatabase newDatabase() {
		return DevMariaDb.newDatabase();
	}

}
