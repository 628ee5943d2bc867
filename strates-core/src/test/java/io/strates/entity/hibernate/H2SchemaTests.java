package io.strates.entity.hibernate;

import java.util.UUID;

import io.strates.dev.DevDatabase;

/**
 * Tests for {@link SchemaIntegrator} on H2.
 */
class H2SchemaTests extends SchemaContract {

	@Override
	DevDatabase newDatabase() {
		return new DevDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
	}

}
