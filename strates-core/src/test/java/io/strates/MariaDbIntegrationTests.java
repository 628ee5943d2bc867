package io.strates;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbIntegrationTests extends WholeCycleContract {

	@Override
	protected DevDatabase database() {
		return DevMariaDb.newDatabase();
	}

}
