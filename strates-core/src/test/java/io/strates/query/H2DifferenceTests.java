package io.strates.query;

import io.strates.dev.DevDatabase;

/**
 * The difference of two builds on H2.
 */
class H2DifferenceTests extends DifferenceContract {

	@Override
	DevDatabase newDatabase() {
		return new DevDatabase("jdbc:h2:mem:difference;DB_CLOSE_DELAY=-1", "sa", "");
	}

}
