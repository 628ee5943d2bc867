package io.strates.entity.hibernate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedType;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.JoinedSubclass;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.Value;

/**
 * The tables that hold rows of builds, with their keys, as Hibernate has bound them.
 */
final class BoundTables {

	private final StratifiedModel model;

	private final Dialect dialect;

	private final SqlStringGenerationContext names;

	private final Map<Table, BuildKey> keys = new LinkedHashMap<>();

	private final Map<Table, StratifiedTable> tables = new LinkedHashMap<>();

	BoundTables(StratifiedModel model, Dialect dialect, SqlStringGenerationContext names) {
		this.model = model;
		this.dialect = dialect;
		this.names = names;
	}

	/** Records the table of an entity, if it is stratified. */
	void record(PersistentClass entity) {
		StratifiedType type = this.model.find(entity.getMappedClass());
		if (type == null || this.keys.containsKey(entity.getTable())) {
			return;
		}
		if (entity instanceof RootClass root) {
			record(entity.getTable(), type, Kind.ENTITY, buildAndId(root.getIdentifier(), root));
		}
		else if (entity instanceof JoinedSubclass) {
			record(entity.getTable(), type, Kind.SUBCLASS, buildAndId(entity.getKey(), entity.getRootClass()));
		}
		// else a single table: the rows are those of the root
	}

	/** Records the table of a collection that has one, if its owner is stratified. */
	void record(Collection collection) {
		StratifiedType type = this.model.find(collection.getOwner().getMappedClass());
		if (type != null && !collection.isOneToMany()) {
			record(collection.getCollectionTable(), type, Kind.COLLECTION,
					buildAndId(collection.getKey(), collection.getOwner().getRootClass()));
		}
	}

	private void record(Table table, StratifiedType type, Kind kind, BuildKey key) {
		this.keys.put(table, key);
		List<String> others = table.getColumns()
			.stream()
			.filter((column) -> !column.equals(key.build()) && !column.equals(key.id()))
			.map(this::name)
			.toList();
		String name = table.getQualifiedName(this.names);
		this.tables.put(table,
				new StratifiedTable(name, table.getName(), type, kind, name(key.build()), name(key.id()), others));
	}

	/**
	 * Which column of a key is which follows from the order in the root's identifier.
	 */
	private static BuildKey buildAndId(Value key, RootClass root) {
		List<Column> rootColumns = root.getIdentifier().getColumns();
		Property build = ((Component) root.getIdentifier()).getProperty("buildStrate");
		int position = rootColumns.indexOf(build.getColumns().get(0));
		List<Column> columns = key.getColumns();
		return new BuildKey(columns.get(position), columns.get(1 - position));
	}

	/** The build and id columns of each table. */
	Map<Table, BuildKey> keys() {
		return this.keys;
	}

	BuildKey key(Table table) {
		return Objects.requireNonNull(this.keys.get(table));
	}

	StratifiedTable get(Table table) {
		return Objects.requireNonNull(this.tables.get(table));
	}

	/** A column as SQL writes it. */
	String name(Column column) {
		return column.getQuotedName(this.dialect);
	}

	List<StratifiedTable> all() {
		return List.copyOf(this.tables.values());
	}

}
