package io.strates.entity.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.strates.entity.StratifiedReference;
import jakarta.persistence.ConstraintMode;
import jakarta.persistence.JoinColumn;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.ManyToOne;
import org.hibernate.mapping.OneToOne;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.ToOne;
import org.jspecify.annotations.Nullable;

/**
 * The associations inside scopes as Hibernate has bound them, with the foreign keys and
 * indexes that it leaves out where a formula takes part in a join.
 */
final class BoundJoins {

	private final HibernateMapping mapping;

	private final Metadata metadata;

	private final BoundTables tables;

	private final TableIndexes indexes;

	private final List<StratifiedReference> references = new ArrayList<>();

	BoundJoins(HibernateMapping mapping, Metadata metadata, BoundTables tables, TableIndexes indexes) {
		this.mapping = mapping;
		this.metadata = metadata;
		this.tables = tables;
		this.indexes = indexes;
	}

	/** Adds the keys of all associations and returns what refers to what. */
	List<StratifiedReference> run() {
		for (PersistentClass entity : this.metadata.getEntityBindings()) {
			if (this.tables.keys().containsKey(entity.getTable())) {
				entity.getProperties().forEach((property) -> addReferences(entity, property, property.getName()));
			}
		}
		return List.copyOf(this.references);
	}

	private void addReferences(PersistentClass entity, Property property, String path) {
		if (property.getValue() instanceof Component component) {
			component.getProperties().forEach((inner) -> addReferences(entity, inner, path + "." + inner.getName()));
		}
		else if (property.getValue() instanceof ToOne toOne && toOne.hasFormula()) {
			addReference(entity, property, toOne, path);
		}
	}

	private void addReference(PersistentClass entity, Property property, ToOne toOne, String path) {
		Table from = toOne.getTable();
		Table to = this.metadata.getEntityBinding(toOne.getReferencedEntityName()).getTable();
		Column column = column(toOne);
		List<Column> columns = List.of(this.tables.key(from).build(), column);
		String suffix = from.getName() + "_" + property.getName();
		if (isSingle(toOne)) {
			this.indexes.unique(from, "uk_" + suffix, columns);
		}
		else {
			this.indexes.index(from, "ix_" + suffix, columns);
		}
		StratifiedReference reference = new StratifiedReference(entity.getJpaEntityName() + "." + path,
				this.tables.get(from), this.tables.name(column), this.tables.get(to));
		this.references.add(reference);
		if (isConstrained(entity, property)) {
			String name = this.indexes.identifier(explicitName(entity, property, "fk_" + suffix));
			ForeignKey foreignKey = from.createForeignKey(name, columns, toOne.getReferencedEntityName(), null, null,
					this.tables.key(to).columns());
			foreignKey.setReferencedTable(to);
			this.mapping.addReference(name, reference);
		}
	}

	/** The one column of a join; the build is a formula. */
	private static Column column(ToOne toOne) {
		return toOne.getSelectables()
			.stream()
			.filter(Column.class::isInstance)
			.map(Column.class::cast)
			.findFirst()
			.orElseThrow();
	}

	private static boolean isSingle(ToOne toOne) {
		return toOne instanceof OneToOne || (toOne instanceof ManyToOne manyToOne && manyToOne.isLogicalOneToOne());
	}

	private boolean isConstrained(PersistentClass entity, Property property) {
		JoinColumn declared = joinColumn(entity, property);
		return declared == null || declared.foreignKey().value() != ConstraintMode.NO_CONSTRAINT;
	}

	private String explicitName(PersistentClass entity, Property property, String fallback) {
		JoinColumn declared = joinColumn(entity, property);
		return (declared != null && !declared.foreignKey().name().isEmpty()) ? declared.foreignKey().name() : fallback;
	}

	private @Nullable JoinColumn joinColumn(PersistentClass entity, Property property) {
		return this.mapping.model()
			.associations()
			.stream()
			.filter((association) -> association.attribute().equals(property.getName())
					&& association.member().getDeclaringClass().isAssignableFrom(entity.getMappedClass()))
			.map((association) -> association.annotated().getAnnotation(JoinColumn.class))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

}
