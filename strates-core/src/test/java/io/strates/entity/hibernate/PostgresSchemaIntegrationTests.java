package io.strates.entity.hibernate;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;

/**
 * Tests for {@link SchemaIntegrator} on PostgreSQL.
 */
class PostgresSchemaIntegrationTests extends SchemaContract {

	@Override
	DevDatabase newDatabase() {
		return DevPostgres.newDatabase();
	}

}
