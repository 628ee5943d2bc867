package io.strates.store;

import io.strates.dev.DevDatabase;

/** A store on H2. */
class H2StoreTests extends StoreContract {

	@Override
	protected DevDatabase database() {
		return new DevDatabase("jdbc:h2:mem:stores;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
	}

}
