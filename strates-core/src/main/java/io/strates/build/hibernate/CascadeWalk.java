package io.strates.build.hibernate;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.strates.entity.StratifiedEntity;
import org.hibernate.Hibernate;
import org.jspecify.annotations.Nullable;

/** One walk from an entity along its cascading associations, each entity once. */
final class CascadeWalk {

	private final EntityAccesses accesses;

	private final UUID buildStrate;

	private final Consumer<Object> reached;

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	CascadeWalk(EntityAccesses accesses, UUID buildStrate, Consumer<Object> reached) {
		this.accesses = accesses;
		this.buildStrate = buildStrate;
		this.reached = reached;
	}

	void visit(Object entity) {
		if (!this.seen.add(entity)) {
			return;
		}
		CascadePlan cascade = this.accesses.ofEntity(entity).cascade();
		cascade.parents().forEach((targets) -> visitTargets(targets.apply(entity), CascadeWalk::isNew));
		this.reached.accept(entity);
		Predicate<Object> withParent = (child) -> isNew(child) || isCopiedWith(entity, child);
		cascade.children().forEach((targets) -> visitTargets(targets.apply(entity), withParent));
	}

	/** An entity that this walk may follow further: new, and not a proxy. */
	private static boolean isNew(Object entity) {
		return Hibernate.isInitialized(entity) && entity instanceof StratifiedEntity stratified && stratified.isNew();
	}

	/** Children that belong to the same other build as their parent go with it. */
	private boolean isCopiedWith(Object parent, Object child) {
		UUID build = ((StratifiedEntity) parent).getBuildStrate();
		return build != null && !build.equals(this.buildStrate) && Hibernate.isInitialized(child)
				&& build.equals(((StratifiedEntity) Hibernate.unproxy(child)).getBuildStrate());
	}

	private void visitTargets(@Nullable Object value, Predicate<Object> followed) {
		if (value == null || !Hibernate.isInitialized(value)) {
			return;
		}
		if (value instanceof Collection<?> collection) {
			collection.forEach((target) -> visitTarget(target, followed));
		}
		else if (value instanceof Map<?, ?> map) {
			map.values().forEach((target) -> visitTarget(target, followed));
		}
		else {
			visitTarget(value, followed);
		}
	}

	private void visitTarget(@Nullable Object target, Predicate<Object> followed) {
		if (target instanceof StratifiedEntity && followed.test(target)) {
			visit(target);
		}
	}

}
