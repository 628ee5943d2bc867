package io.strates.build.hibernate;

import java.util.Objects;

import org.hibernate.Hibernate;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

/**
 * What the writer knows of one entity.
 *
 * @param persister how Hibernate maps it
 * @param plan how it becomes one plain row, or {@code null} if Hibernate inserts it
 * @param cascade where writing it leads to
 * @param sharing whether several threads may reach a new entity from it
 * @param bulk how the rows of the plan are inserted, or {@code null} without one
 * @param callbacks whether anything is called back before it is written
 */
record EntityAccess(EntityPersister persister, @Nullable RowPlan plan, CascadePlan cascade, boolean sharing,
		@Nullable BulkInsert bulk, boolean callbacks) {

	String name() {
		return this.persister.getMappedClass().getSimpleName();
	}

	AttributeMapping idAttribute() {
		return ((NonAggregatedIdentifierMapping) this.persister.getIdentifierMapping()).getVirtualIdEmbeddable()
			.findAttributeMapping("id");
	}

	@Nullable Object idOf(Object entity) {
		return idAttribute().getPropertyAccess().getGetter().get(entity);
	}

	void setId(Object entity, Object id) {
		Setter setter = Objects.requireNonNull(idAttribute().getPropertyAccess().getSetter(), "setter of id");
		setter.set(entity, id);
	}

	BulkInsert insert() {
		return Objects.requireNonNull(this.bulk);
	}

	/**
	 * With bytecode enhancement an attribute may be lazy: its field then holds nothing.
	 */
	void requireLoaded(Object entity) {
		if (this.persister.hasUninitializedLazyProperties(entity)) {
			throw new IllegalArgumentException(name() + " " + idOf(entity)
					+ " has attributes that are not loaded; read them before it is written to another build");
		}
	}

}
