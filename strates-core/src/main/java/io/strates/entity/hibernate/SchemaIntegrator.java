package io.strates.entity.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.entity.StratifiedType;
import jakarta.persistence.ConstraintMode;
import jakarta.persistence.JoinColumn;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.Index;
import org.hibernate.mapping.JoinedSubclass;
import org.hibernate.mapping.ManyToOne;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.Selectable;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.ToOne;
import org.hibernate.mapping.UniqueKey;
import org.hibernate.mapping.Value;

/**
 * Puts keys into the order (build, id), adds the foreign keys, unique keys and indexes
 * that Hibernate leaves out where a formula takes part in a join, and records the tables.
 * Runs before any schema is exported or validated.
 *
 * @since 0.1.0
 */
public final class SchemaIntegrator implements Integrator {

	/** Called by Hibernate's service loader. */
	public SchemaIntegrator() {
	}

	@Override
	public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
		HibernateMapping mapping = HibernateMapping.find(factory.getServiceRegistry());
		if (mapping != null) {
			new BindingCheck(mapping.model(), metadata, factory.getSessionFactoryOptions().isQueryCacheEnabled()).run();
			new Integration(mapping, metadata, factory).run();
		}
	}

	private static final class Integration {

		private final HibernateMapping mapping;

		private final Metadata metadata;

		private final Dialect dialect;

		private final SqlStringGenerationContext names;

		/** The build and id columns of each table that holds rows of builds. */
		private final Map<Table, Key> keys = new LinkedHashMap<>();

		private final Map<Table, StratifiedTable> tables = new LinkedHashMap<>();

		private final List<StratifiedReference> references = new ArrayList<>();

		Integration(HibernateMapping mapping, Metadata metadata, SessionFactoryImplementor factory) {
			this.mapping = mapping;
			this.metadata = metadata;
			this.dialect = factory.getJdbcServices().getDialect();
			this.names = factory.getSqlStringGenerationContext();
		}

		void run() {
			for (PersistentClass entity : this.metadata.getEntityBindings()) {
				if (this.mapping.model().find(entity.getMappedClass()) != null) {
					recordEntity(entity);
				}
			}
			for (Collection collection : this.metadata.getCollectionBindings()) {
				if (this.mapping.model().find(collection.getOwner().getMappedClass()) != null
						&& !collection.isOneToMany()) {
					recordCollection(collection);
				}
			}
			Map<Table, List<Column>> before = new HashMap<>();
			this.keys.keySet().forEach((table) -> before.put(table, keyColumns(table)));
			this.keys.forEach(this::orderKey);
			this.keys.forEach((table, key) -> orderForeignKeys(table, before));
			this.keys.forEach(this::widenUniqueKeys);
			this.keys.forEach(this::indexOwner);
			for (PersistentClass entity : this.metadata.getEntityBindings()) {
				if (this.keys.containsKey(entity.getTable())) {
					entity.getProperties().forEach((property) -> addReferences(entity, property, property.getName()));
				}
			}
			this.mapping
				.bind(new StratifiedSchema(this.mapping.model(), this.tables.values(), List.copyOf(this.references)));
		}

		private void recordEntity(PersistentClass entity) {
			Table table = entity.getTable();
			if (this.keys.containsKey(table)) {
				return;
			}
			StratifiedType type = Objects.requireNonNull(this.mapping.model().find(entity.getMappedClass()));
			Kind kind = (entity instanceof RootClass) ? Kind.ENTITY : Kind.SUBCLASS;
			if (!(entity instanceof RootClass) && !(entity instanceof JoinedSubclass)) {
				return; // single table: the rows are those of the root
			}
			Value key = (entity instanceof RootClass) ? entity.getIdentifier() : entity.getKey();
			record(table, type, kind, buildAndId(key, entity.getRootClass()));
		}

		private void recordCollection(Collection collection) {
			StratifiedType type = Objects
				.requireNonNull(this.mapping.model().find(collection.getOwner().getMappedClass()));
			Key key = buildAndId(collection.getKey(), collection.getOwner().getRootClass());
			Table table = collection.getCollectionTable();
			record(table, type, Kind.COLLECTION, key);
		}

		private void record(Table table, StratifiedType type, Kind kind, Key key) {
			this.keys.put(table, key);
			List<String> others = table.getColumns()
				.stream()
				.filter((column) -> !column.equals(key.build()) && !column.equals(key.id()))
				.map((column) -> column.getQuotedName(this.dialect))
				.toList();
			String name = table.getQualifiedName(this.names);
			this.tables.put(table, new StratifiedTable(name, table.getName(), type, kind,
					key.build().getQuotedName(this.dialect), key.id().getQuotedName(this.dialect), others));
		}

		/**
		 * Which column of a key is which follows from the order in the root's identifier.
		 */
		private static Key buildAndId(Value key, RootClass root) {
			List<Column> rootColumns = root.getIdentifier().getColumns();
			Property build = ((Component) root.getIdentifier()).getProperty("buildStrate");
			int position = rootColumns.indexOf(build.getColumns().get(0));
			List<Column> columns = key.getColumns();
			return new Key(columns.get(position), columns.get(1 - position));
		}

		private static List<Column> keyColumns(Table table) {
			return (table.getPrimaryKey() != null) ? List.copyOf(table.getPrimaryKey().getColumns()) : List.of();
		}

		private void orderKey(Table table, Key key) {
			if (table.getPrimaryKey() == null) {
				return;
			}
			List<Column> columns = table.getPrimaryKey().getColumns();
			List<Column> ordered = new ArrayList<>(List.of(key.build(), key.id()));
			columns.stream().filter((column) -> !ordered.contains(column)).forEach(ordered::add);
			columns.clear();
			columns.addAll(ordered);
			this.mapping.reordered().add(table);
		}

		/** A foreign key without named targets follows the order of the target's key. */
		private void orderForeignKeys(Table table, Map<Table, List<Column>> before) {
			for (ForeignKey foreignKey : table.getForeignKeyCollection()) {
				List<Column> old = before.get(foreignKey.getReferencedTable());
				if (old == null || !foreignKey.getReferencedColumns().isEmpty()
						|| foreignKey.getColumns().size() != old.size()) {
					continue;
				}
				List<Column> columns = foreignKey.getColumns();
				List<Column> copy = List.copyOf(columns);
				List<Column> now = keyColumns(foreignKey.getReferencedTable());
				for (int i = 0; i < now.size(); i++) {
					columns.set(i, copy.get(old.indexOf(now.get(i))));
				}
			}
		}

		/** What is unique is unique in a build: the next build repeats it. */
		private void widenUniqueKeys(Table table, Key key) {
			for (Column column : List.copyOf(table.getColumns())) {
				if (column.isUnique()) {
					column.setUnique(false);
					unique(table, "uk_" + table.getName() + "_" + column.getName(), List.of(key.build(), column));
				}
			}
			for (UniqueKey uniqueKey : table.getUniqueKeys().values()) {
				List<Column> columns = uniqueKey.getColumns();
				if (!columns.contains(key.build())) {
					columns.add(0, key.build());
				}
				else if (columns.contains(key.id())) {
					columns.removeAll(List.of(key.build(), key.id()));
					columns.addAll(0, List.of(key.build(), key.id()));
				}
				// without a name of its own it gets one from the database, and a later
				// update of the schema would add it again
				uniqueKey.setNameExplicit(true);
			}
			for (Index index : table.getIndexes().values()) {
				if (index.isUnique() && !index.getSelectables().contains(key.build())) {
					index.addColumn(key.build());
				}
			}
		}

		/** The rows of a bag have no key, and are always looked up by their owner. */
		private void indexOwner(Table table, Key key) {
			List<Column> owner = List.of(key.build(), key.id());
			boolean covered = table.getUniqueKeys()
				.values()
				.stream()
				.anyMatch((unique) -> unique.getColumnSpan() > 1 && unique.getColumns().subList(0, 2).equals(owner));
			if (table.getPrimaryKey() == null && !covered) {
				index(table, "ix_" + table.getName() + "_owner", owner);
			}
		}

		private void addReferences(PersistentClass entity, Property property, String path) {
			if (property.getValue() instanceof Component component) {
				component.getProperties()
					.forEach((inner) -> addReferences(entity, inner, path + "." + inner.getName()));
			}
			else if (property.getValue() instanceof ToOne toOne && toOne.hasFormula()) {
				addReference(entity, property, toOne, path);
			}
		}

		private void addReference(PersistentClass entity, Property property, ToOne toOne, String path) {
			Table from = toOne.getTable();
			Table to = this.metadata.getEntityBinding(toOne.getReferencedEntityName()).getTable();
			Key key = Objects.requireNonNull(this.keys.get(from));
			Key target = Objects.requireNonNull(this.keys.get(to));
			Column column = null;
			for (Selectable selectable : toOne.getSelectables()) {
				if (selectable instanceof Column found) {
					column = found;
				}
			}
			Objects.requireNonNull(column);
			List<Column> columns = List.of(key.build(), column);
			String suffix = from.getName() + "_" + property.getName();
			if (isConstrained(entity, property)) {
				String name = explicitName(entity, property, "fk_" + suffix);
				ForeignKey foreignKey = from.createForeignKey(identifier(name), columns,
						toOne.getReferencedEntityName(), null, null, List.of(target.build(), target.id()));
				foreignKey.setReferencedTable(to);
			}
			boolean single = toOne instanceof org.hibernate.mapping.OneToOne
					|| (toOne instanceof ManyToOne manyToOne && manyToOne.isLogicalOneToOne());
			if (single) {
				unique(from, "uk_" + suffix, columns);
			}
			else {
				index(from, "ix_" + suffix, columns);
			}
			this.references.add(new StratifiedReference(entity.getJpaEntityName() + "." + path,
					Objects.requireNonNull(this.tables.get(from)), column.getQuotedName(this.dialect),
					Objects.requireNonNull(this.tables.get(to))));
		}

		private void unique(Table table, String name, List<Column> columns) {
			UniqueKey unique = table.getOrCreateUniqueKey(identifier(name));
			unique.setNameExplicit(true);
			columns.forEach(unique::addColumn);
		}

		private void index(Table table, String name, List<Column> columns) {
			Index index = table.getOrCreateIndex(identifier(name));
			columns.forEach(index::addColumn);
		}

		private boolean isConstrained(PersistentClass entity, Property property) {
			JoinColumn declared = joinColumn(entity, property);
			return declared == null || declared.foreignKey().value() != ConstraintMode.NO_CONSTRAINT;
		}

		private String explicitName(PersistentClass entity, Property property, String fallback) {
			JoinColumn declared = joinColumn(entity, property);
			return (declared != null && !declared.foreignKey().name().isEmpty()) ? declared.foreignKey().name()
					: fallback;
		}

		private @org.jspecify.annotations.Nullable JoinColumn joinColumn(PersistentClass entity, Property property) {
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

		/** Shortened to what every database takes, keeping names apart by a hash. */
		private String identifier(String name) {
			int max = Math.min(this.dialect.getMaxIdentifierLength(), 60);
			if (name.length() <= max) {
				return name;
			}
			return name.substring(0, max - 9) + "_" + Integer.toHexString(name.hashCode());
		}

		/** The two columns of a composite key. */
		private record Key(Column build, Column id) {
		}

	}

}
