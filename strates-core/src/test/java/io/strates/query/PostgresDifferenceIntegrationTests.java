package io.strates.query;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;

/**
 * The difference of two builds on PostgreSQL.
 */
class PostgresDifferenceIntegrationTests extends DifferenceContract {

	@Override
	DevDatabase newDatabase() {
		return DevPostgres.newDatabase();
	}

}
