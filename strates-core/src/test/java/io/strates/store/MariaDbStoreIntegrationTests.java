package io.strates.store;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

/** A store on MariaDB. */
@Tag("mariadb")
class MariaDbStoreIntegrationTests extends StoreContract {

	@Override
	protected DevDatabase database() {
		return DevMariaDb.newDatabase();
	}

}
