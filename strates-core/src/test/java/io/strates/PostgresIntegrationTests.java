package io.strates;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;

class PostgresIntegrationTests extends WholeCycleContract {

	@Override
	protected DevDatabase database() {
		return DevPostgres.newDatabase();
	}

}
