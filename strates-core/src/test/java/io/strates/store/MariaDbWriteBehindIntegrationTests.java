package io.strates.store;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevMariaDb;
import org.junit.jupiter.api.Tag;

/** Write-behind into MariaDB, from the memory of the process. */
@Tag("mariadb")
class MariaDbWriteBehindIntegrationTests extends WriteBehindContract {

	@Override
	protected DevDatabase database() {
		return DevMariaDb.newDatabase();
	}

	@Override
	protected WriteJournal journal() {
		return new InMemoryJournal();
	}

}
