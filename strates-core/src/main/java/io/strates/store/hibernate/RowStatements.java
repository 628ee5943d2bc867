package io.strates.store.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.PostgreSQLDialect;

/**
 * The SQL for the rows of one table.
 */
final class RowStatements {

	private final String table;

	private final List<Column> columns;

	private final String id;

	private final String all;

	private final boolean upserts;

	private final List<Column> complete;

	private final String upsertOne;

	RowStatements(String table, List<Column> columns, Dialect dialect) {
		this.table = table;
		this.columns = columns;
		this.id = columns.get(0).name();
		this.all = names(columns, Column::name);
		this.upserts = dialect instanceof PostgreSQLDialect;
		this.complete = columns.stream().filter(Column::inserted).toList();
		this.upsertOne = insert(this.complete, 1) + changing(this.complete);
	}

	/** Whether one statement inserts rows or changes them, and answers what they are. */
	boolean upserts() {
		return this.upserts;
	}

	String select(int ids) {
		return "select " + this.all + " from " + this.table + " where " + isIn(ids);
	}

	String selectToChange(int ids) {
		return "select " + this.id + " from " + this.table + " where " + isIn(ids) + " for update";
	}

	String page(boolean first) {
		return "select " + this.all + " from " + this.table + (first ? "" : " where " + this.id + " > ?") + " order by "
				+ this.id + " limit ?";
	}

	String delete(int ids) {
		return "delete from " + this.table + " where " + isIn(ids);
	}

	String insert(List<Column> written, int rows) {
		String row = "(" + names(written, Column::marker) + ")";
		return "insert into " + this.table + " (" + names(written, Column::name) + ") values "
				+ (row + ", ").repeat(rows - 1) + row;
	}

	String upsert(List<Column> written, int rows) {
		return (rows == 1 && written.size() == this.complete.size()) ? this.upsertOne
				: insert(written, rows) + changing(written);
	}

	/** Takes an array for each column. */
	String upsertArrays(List<Column> written, List<String> types) {
		String arrays = types.stream().map((type) -> "cast(? as " + type + "[])").collect(Collectors.joining(", "));
		return "insert into " + this.table + " (" + names(written, Column::name) + ") select * from unnest(" + arrays
				+ ")" + changing(written);
	}

	private String changing(List<Column> written) {
		List<Column> updated = written.stream().filter(Column::updated).toList();
		// A row that is there is answered too, so something has to be set.
		String changes = updated.isEmpty() ? this.id + " = excluded." + this.id
				: names(updated, (column) -> column.name() + " = excluded." + column.name());
		return " on conflict (" + this.id + ") do update set " + changes + " returning " + this.all;
	}

	String update(List<Column> updated) {
		return "update " + this.table + " set " + names(updated, (column) -> column.name() + " = " + column.marker())
				+ " where " + this.id + " = ?";
	}

	/** Few different statements serve any number of ids. */
	static int padded(int ids) {
		return (ids <= 1) ? ids : Integer.highestOneBit(ids - 1) * 2;
	}

	private String isIn(int ids) {
		return (ids == 1) ? this.id + " = ?" : this.id + " in (" + "?, ".repeat(ids - 1) + "?)";
	}

	private static String names(List<Column> columns, Function<Column, String> text) {
		return columns.stream().map(text).collect(Collectors.joining(", "));
	}

	List<Column> written(List<Integer> withoutPlaces) {
		if (withoutPlaces.isEmpty()) {
			return this.complete;
		}
		List<Column> written = new ArrayList<>();
		for (int place = 0; place < this.columns.size(); place++) {
			if (this.columns.get(place).inserted() && !withoutPlaces.contains(place)) {
				written.add(this.columns.get(place));
			}
		}
		return written;
	}

}
