package io.strates.store;

import java.util.UUID;

import io.strates.dev.DevDatabase;

/** Write-behind into H2, from the memory of the process. */
class WriteBehindTests extends WriteBehindContract {

	@Override
	protected DevDatabase database() {
		return new DevDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
	}

	@Override
	protected WriteJournal journal() {
		return new InMemoryJournal();
	}

}
