package io.strates.store.hibernate;

import java.util.ArrayList;
import java.util.List;

import io.strates.store.EntityState;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.Setter;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.type.descriptor.java.MutabilityPlan;
import org.jspecify.annotations.Nullable;

/**
 * An attribute, and the places of a state that it takes.
 */
sealed interface Node {

	/** Returns how the owner gives and takes the attribute. */
	PropertyAccess access();

	/** Takes a value of the attribute apart. */
	void take(@Nullable Object value, @Nullable Object[] row);

	/** Makes a value of the attribute. */
	@Nullable Object make(EntityState state);

	default void takeFrom(Object owner, @Nullable Object[] row) {
		take(access().getGetter().get(owner), row);
	}

	default void setIn(Object owner, EntityState state) {
		Object value = make(state);
		Setter setter = access().getSetter();
		if (setter == null || (value == null && access().getGetter().getReturnTypeClass().isPrimitive())) {
			return;
		}
		setter.set(owner, value);
	}

	/**
	 * A value in one column.
	 *
	 * @param access how the owner gives and takes it
	 * @param place its place in states
	 * @param mapping how it becomes what the database has
	 * @param copies copies what the database has
	 */
	record Basic(PropertyAccess access, int place, JdbcMapping mapping,
			MutabilityPlan<@Nullable Object> copies) implements Node {

		@Override
		public void take(@Nullable Object value, @Nullable Object[] row) {
			row[this.place] = this.copies.deepCopy(this.mapping.convertToRelationalValue(value));
		}

		@Override
		public @Nullable Object make(EntityState state) {
			return this.mapping.convertToDomainValue(this.copies.deepCopy(state.value(this.place)));
		}

	}

	/**
	 * An embedded value.
	 *
	 * @param access how the owner gives and takes it
	 * @param type how it is mapped
	 * @param parts its attributes
	 * @param first its first place in states
	 * @param last its last place in states
	 */
	record Embedded(PropertyAccess access, EmbeddableMappingType type, List<Node> parts, int first,
			int last) implements Node {

		@Override
		public void take(@Nullable Object value, @Nullable Object[] row) {
			if (value == null) {
				return;
			}
			for (int i = 0; i < this.parts.size(); i++) {
				this.parts.get(i).take(this.type.getValue(value, i), row);
			}
		}

		@Override
		public @Nullable Object make(EntityState state) {
			boolean there = false;
			for (int place = this.first; place <= this.last; place++) {
				there |= state.value(place) != null;
			}
			if (!there) {
				return null;
			}
			List<@Nullable Object> values = new ArrayList<>();
			this.parts.forEach((part) -> values.add(part.make(state)));
			return this.type.getRepresentationStrategy().getInstantiator().instantiate(values::toArray);
		}

	}

	/**
	 * Another entity, by its id.
	 *
	 * @param access how the owner gives and takes it
	 * @param place the place of the id in states
	 * @param target the other entity
	 * @param mapping how its id becomes what the database has
	 */
	record Reference(PropertyAccess access, int place, EntityPersister target, JdbcMapping mapping) implements Node {

		@Override
		public void take(@Nullable Object value, @Nullable Object[] row) {
			if (value == null) {
				return;
			}
			Object id = (value instanceof HibernateProxy proxy)
					? proxy.getHibernateLazyInitializer().getInternalIdentifier() : this.target.getIdentifier(value);
			if (id == null) {
				throw new IllegalArgumentException(
						"An entity points at a " + this.target.getMappedClass().getSimpleName()
								+ " without an id; assign the id, and write it first");
			}
			row[this.place] = this.mapping.convertToRelationalValue(id);
		}

		@Override
		@SuppressWarnings("NullAway") // outside a session, as after it was closed
		public @Nullable Object make(EntityState state) {
			Object id = this.mapping.convertToDomainValue(state.value(this.place));
			return (id != null) ? this.target.createProxy(id, (SharedSessionContractImplementor) null) : null;
		}

	}

}
