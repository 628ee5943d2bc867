package io.strates.build.hibernate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.UUID;

import io.strates.entity.StratifiedEntity;

/**
 * Sets the build of an entity, which is no business of applications.
 */
final class BuildField {

	private static final VarHandle BUILD_STRATE = buildStrate();

	private BuildField() {
	}

	private static VarHandle buildStrate() {
		try {
			return MethodHandles.privateLookupIn(StratifiedEntity.class, MethodHandles.lookup())
				.findVarHandle(StratifiedEntity.class, "buildStrate", UUID.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Sets the build of an entity that has none.
	 * @return whether this call has set it: of several threads that reach the entity, one
	 * writes it
	 */
	static boolean claim(Object entity, UUID buildStrate) {
		return BUILD_STRATE.compareAndSet((StratifiedEntity) entity, null, buildStrate);
	}

	static void disclaim(Object entity) {
		BUILD_STRATE.setVolatile((StratifiedEntity) entity, null);
	}

	/** Sets the build of an entity that no other thread knows yet. */
	static void set(Object entity, UUID buildStrate) {
		BUILD_STRATE.set((StratifiedEntity) entity, buildStrate);
	}

}
