package io.strates.store;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;

/** A store on PostgreSQL. */
class PostgresStoreIntegrationTests extends StoreContract {

	@Override
	protected DevDatabase database() {
		return DevPostgres.newDatabase();
	}

}
