package io.strates.entity.hibernate;

import java.util.List;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.ColumnOrderingStrategyStandard;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Constraint;
import org.hibernate.mapping.PrimaryKey;
import org.jspecify.annotations.Nullable;

/**
 * Sorts columns as Hibernate does, but leaves alone the keys that the integrator has put
 * into the order (build, id): Hibernate would sort them by the size of their types.
 */
final class KeepKeyOrder extends ColumnOrderingStrategyStandard {

	private final HibernateMapping mapping;

	KeepKeyOrder(HibernateMapping mapping) {
		this.mapping = mapping;
	}

	@Override
	@SuppressWarnings("NullAway") // null means "leave the order as it is"
	public @Nullable List<Column> orderConstraintColumns(Constraint constraint, Metadata metadata) {
		if (constraint instanceof PrimaryKey && this.mapping.reordered().contains(constraint.getTable())) {
			return null;
		}
		return super.orderConstraintColumns(constraint, metadata);
	}

}
