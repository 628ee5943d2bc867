package io.strates;

import io.strates.dev.DevDatabase;

class H2IntegrationTests extends WholeCycleContract {

	@Override
	protected DevDatabase database() {
		return new DevDatabase("jdbc:h2:mem:cycle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
	}

}
