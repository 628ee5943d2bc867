package io.strates.entity.hibernate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Index;
import org.hibernate.mapping.Selectable;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UniqueKey;

/**
 * The unique keys and indexes of tables that hold rows of builds: all begin with the
 * build, which every query fixes.
 */
final class TableIndexes {

	/** Hibernate's index takes a column at its end only. */
	private static final VarHandle SELECTABLES = selectables();

	private static final int MAX_NAME_LENGTH = 60;

	private final Dialect dialect;

	TableIndexes(Dialect dialect) {
		this.dialect = dialect;
	}

	private static VarHandle selectables() {
		try {
			return MethodHandles.privateLookupIn(Index.class, MethodHandles.lookup())
				.findVarHandle(Index.class, "selectables", List.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Lets the build lead whatever was declared for a table. */
	void lead(Table table, BuildKey key) {
		widenUniqueKeys(table, key);
		table.getIndexes().values().forEach((index) -> lead(index, key.build()));
		indexOwner(table, key);
	}

	/** An index that names the build is left as it was declared. */
	@SuppressWarnings("unchecked")
	private static void lead(Index index, Column build) {
		if (!index.getSelectables().contains(build)) {
			((List<Selectable>) SELECTABLES.get(index)).add(0, build);
		}
	}

	/** What is unique is unique in a build: the next build repeats it. */
	private void widenUniqueKeys(Table table, BuildKey key) {
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
				columns.removeAll(key.columns());
				columns.addAll(0, key.columns());
			}
			// without a name of its own it gets one from the database, and a later
			// update of the schema would add it again
			uniqueKey.setNameExplicit(true);
		}
	}

	/** The rows of a bag have no key, and are always looked up by their owner. */
	private void indexOwner(Table table, BuildKey key) {
		List<Column> owner = key.columns();
		boolean covered = table.getUniqueKeys()
			.values()
			.stream()
			.anyMatch((unique) -> unique.getColumnSpan() > 1 && unique.getColumns().subList(0, 2).equals(owner));
		if (table.getPrimaryKey() == null && !covered) {
			index(table, "ix_" + table.getName() + "_owner", owner);
		}
	}

	void unique(Table table, String name, List<Column> columns) {
		UniqueKey unique = table.getOrCreateUniqueKey(identifier(name));
		unique.setNameExplicit(true);
		columns.forEach(unique::addColumn);
	}

	void index(Table table, String name, List<Column> columns) {
		Index index = table.getOrCreateIndex(identifier(name));
		columns.forEach(index::addColumn);
	}

	/** Shortened to what every database takes, keeping names apart by a hash. */
	String identifier(String name) {
		int max = Math.min(this.dialect.getMaxIdentifierLength(), MAX_NAME_LENGTH);
		if (name.length() <= max) {
			return name;
		}
		return name.substring(0, max - 9) + "_" + Integer.toHexString(name.hashCode());
	}

}
