package io.strates.entity.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.hibernate.mapping.Column;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.Table;

/**
 * The order (build, id) in primary keys, and in the foreign keys that follow them.
 */
final class KeyOrder {

	private final BoundTables tables;

	private final Set<Table> ordered = new LinkedHashSet<>();

	KeyOrder(BoundTables tables) {
		this.tables = tables;
	}

	/** Puts keys in order and returns the tables whose primary keys were. */
	Set<Table> run() {
		Map<Table, BuildKey> keys = this.tables.keys();
		Map<Table, List<Column>> before = new HashMap<>();
		keys.keySet().forEach((table) -> before.put(table, keyColumns(table)));
		keys.forEach(this::orderKey);
		keys.keySet().forEach((table) -> orderForeignKeys(table, before));
		return this.ordered;
	}

	private static List<Column> keyColumns(Table table) {
		return (table.getPrimaryKey() != null) ? List.copyOf(table.getPrimaryKey().getColumns()) : List.of();
	}

	private void orderKey(Table table, BuildKey key) {
		if (table.getPrimaryKey() == null) {
			return;
		}
		List<Column> columns = table.getPrimaryKey().getColumns();
		List<Column> ordered = new ArrayList<>(key.columns());
		columns.stream().filter((column) -> !ordered.contains(column)).forEach(ordered::add);
		columns.clear();
		columns.addAll(ordered);
		this.ordered.add(table);
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

}
