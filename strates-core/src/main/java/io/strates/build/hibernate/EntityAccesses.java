package io.strates.build.hibernate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.jpa.event.spi.CallbackType;
import org.hibernate.persister.entity.EntityPersister;

/**
 * What the writer knows of each entity of a persistence unit, found out on first use.
 */
final class EntityAccesses {

	private final SessionFactoryImplementor factory;

	private final StratifiedModel model;

	private final Database database;

	private final Map<Class<?>, EntityAccess> accesses = new ConcurrentHashMap<>();

	EntityAccesses(SessionFactoryImplementor factory, StratifiedModel model, Database database) {
		this.factory = factory;
		this.model = model;
		this.database = database;
	}

	EntityAccess ofEntity(Object entity) {
		return of(this.model.require(entity.getClass()));
	}

	EntityAccess of(StratifiedType type) {
		EntityAccess known = this.accesses.get(type.javaType());
		return (known != null) ? known : this.accesses.computeIfAbsent(type.javaType(), this::read);
	}

	private EntityAccess read(Class<?> javaType) {
		EntityPersister persister = this.factory.getMappingMetamodel().getEntityDescriptor(javaType);
		RowPlan plan = RowPlan.of(persister);
		CascadePlan cascade = CascadePlan.of(persister);
		return new EntityAccess(persister, plan, cascade,
				cascade.isAny() && isSharing(this.model.require(javaType).scope()),
				(plan != null) ? BulkInsert.of(plan, this.database, this.factory) : null,
				this.factory.getEventEngine()
					.getCallbackRegistry()
					.hasRegisteredCallbacks(javaType, CallbackType.PRE_PERSIST));
	}

	/** Whether any row of a scope cascades to one that it refers to. */
	private boolean isSharing(String scope) {
		return this.model.types(scope)
			.stream()
			.map((type) -> CascadePlan.of(this.factory.getMappingMetamodel().getEntityDescriptor(type.javaType())))
			.anyMatch((cascade) -> !cascade.parents().isEmpty());
	}

}
