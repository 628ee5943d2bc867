package io.strates.build.hibernate;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.strates.entity.StratifiedEntity;
import org.hibernate.Hibernate;
import org.jspecify.annotations.Nullable;

/** One walk from an entity along its cascading associations, each entity once. */
final class CascadeWalk {

	private final HibernateRowStore store;

	private final Consumer<Object> reached;

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	CascadeWalk(HibernateRowStore store, Consumer<Object> reached) {
		this.store = store;
		this.reached = reached;
	}

	void visit(Object entity) {
		if (!this.seen.add(entity)) {
			return;
		}
		CascadePlan cascade = this.store.cascade(entity);
		cascade.parents().forEach((targets) -> visitTargets(targets.apply(entity)));
		this.reached.accept(entity);
		cascade.children().forEach((targets) -> visitTargets(targets.apply(entity)));
	}

	private void visitTargets(@Nullable Object value) {
		if (value == null || !Hibernate.isInitialized(value)) {
			return;
		}
		if (value instanceof Collection<?> collection) {
			collection.forEach(this::visitTarget);
		}
		else if (value instanceof Map<?, ?> map) {
			map.values().forEach(this::visitTarget);
		}
		else {
			visitTarget(value);
		}
	}

	private void visitTarget(@Nullable Object target) {
		if (target instanceof StratifiedEntity && this.store.isNew(target)) {
			visit(target);
		}
	}

}
