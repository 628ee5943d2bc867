package io.strates.entity;

import jakarta.persistence.Entity;
import org.jspecify.annotations.Nullable;

/**
 * One stratified entity, as its annotations declare it.
 *
 * @param javaType the class of the entity
 * @param scope the scope that its rows belong to
 * @param root whether it is the root of the scope
 * @param scopeIdAttribute the attribute that holds the scope id, or {@code null} where
 * rows carry none
 * @param idType the type of the application's own id
 * @since 0.1.0
 */
public record StratifiedType(Class<?> javaType, String scope, boolean root, @Nullable String scopeIdAttribute,
		Class<?> idType) {

	/**
	 * Returns the name of the entity in messages, metadata and reports.
	 * @return the name that {@code @Entity} gives it, else the simple name of the class:
	 * unique in a persistence unit
	 */
	public String name() {
		Entity entity = this.javaType.getAnnotation(Entity.class);
		return (entity != null && !entity.name().isEmpty()) ? entity.name() : this.javaType.getSimpleName();
	}

	/**
	 * Returns the class of the composite key.
	 * @return one of the permitted classes of {@link StrateKey}
	 */
	public Class<? extends StrateKey> keyType() {
		if (this.idType == Long.class) {
			return LongStrateKey.class;
		}
		if (this.idType == Integer.class) {
			return IntegerStrateKey.class;
		}
		return (this.idType == String.class) ? StringStrateKey.class : UuidStrateKey.class;
	}

}
