package io.strates.entity;

import jakarta.persistence.Entity;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to an entity itself and what to the entity that it extends.
 */
final class EntityHierarchy {

	private EntityHierarchy() {
	}

	static boolean isRoot(Class<?> entity) {
		for (Class<?> type = entity.getSuperclass(); type != null; type = type.getSuperclass()) {
			if (type.isAnnotationPresent(Entity.class)) {
				return false;
			}
		}
		return true;
	}

	/** Whether a class is the entity itself or a mapped superclass below its parent. */
	static boolean isOwnPart(Class<?> entity, @Nullable Class<?> type) {
		return type != null && type != Object.class && type != StratifiedEntity.class && type.isAssignableFrom(entity)
				&& (type == entity || (!type.isAnnotationPresent(Entity.class) && !hasEntityBelow(entity, type)));
	}

	private static boolean hasEntityBelow(Class<?> entity, Class<?> top) {
		for (Class<?> type = entity.getSuperclass(); type != null && type != top; type = type.getSuperclass()) {
			if (type.isAnnotationPresent(Entity.class)) {
				return true;
			}
		}
		return false;
	}

}
