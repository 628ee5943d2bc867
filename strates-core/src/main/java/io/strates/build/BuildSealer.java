package io.strates.build;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Checks at the seal what only the whole build can show, in the database: that every
 * association points at a row of the build, also where no foreign key says so.
 */
final class BuildSealer {

	private static final int EXAMPLES = 20;

	private final Supplier<StratifiedSchema> schema;

	private final JdbcClient jdbc;

	private final Database database;

	BuildSealer(Supplier<StratifiedSchema> schema, JdbcClient jdbc, Database database) {
		this.schema = schema;
		this.jdbc = jdbc;
		this.database = database;
	}

	Map<String, Long> check(BuildInfo build, boolean emptyAllowed, RowStore store) {
		String nestedLoops = avoidNestedLoops();
		List<String> violations = new ArrayList<>();
		Set<RowStore.ScopeIdColumn> checked = new HashSet<>();
		for (StratifiedType type : this.schema.get().model().types(build.scope())) {
			RowStore.ScopeIdColumn column = store.scopeIdColumn(type);
			if (column != null && checked.add(column)) {
				violations.addAll(foreign(type, column, build));
			}
		}
		for (StratifiedReference reference : this.schema.get().references(build.scope())) {
			violations.addAll(dangling(reference, build.buildStrate()));
		}
		Map<String, Long> counts = new TreeMap<>();
		for (StratifiedTable table : this.schema.get().parentsFirst(build.scope())) {
			if (table.kind() != StratifiedTable.Kind.COLLECTION) {
				counts.put(table.type().name(), count(table, build.buildStrate()));
			}
		}
		if (!emptyAllowed && counts.values().stream().allMatch((count) -> count == 0)) {
			violations
				.add("it holds no row; if an empty state is meant, open it with BuildOptions.defaults().allowEmpty()");
		}
		restoreNestedLoops(nestedLoops);
		if (!violations.isEmpty()) {
			throw new IncompleteBuildException(build, violations);
		}
		return counts;
	}

	/**
	 * The statistics do not know the build yet, so the planner believes it to have a row
	 * or two and would visit each row of one table for each row of another.
	 */
	private String avoidNestedLoops() {
		if (this.database != Database.POSTGRESQL) {
			return "";
		}
		String before = this.jdbc.sql("select current_setting('enable_nestloop')").query(String.class).single();
		restoreNestedLoops("off");
		return before;
	}

	private void restoreNestedLoops(String setting) {
		if (this.database == Database.POSTGRESQL) {
			this.jdbc.sql("select set_config('enable_nestloop', ?, true)").param(setting).query(String.class).single();
		}
	}

	/**
	 * Refuses to look at a build inside a transaction that keeps to an older snapshot:
	 * rows that the writer has committed since would be missing from counts and checks.
	 */
	void requireFreshReads(String build) {
		String question = switch (this.database) {
			case POSTGRESQL -> "select current_setting('transaction_isolation')";
			case MARIADB -> "select @@tx_isolation";
			case MYSQL -> "select @@transaction_isolation";
			case H2 -> "select isolation_level from information_schema.sessions where session_id = session_id()";
		};
		String isolation = this.jdbc.sql(question).query(String.class).single().replace('-', ' ');
		if (!isolation.equalsIgnoreCase("read committed")) {
			throw new IllegalStateException(
					build + " cannot be sealed in the transaction that wrote rows to it, which is " + isolation
							+ "; seal it after that transaction, or run the transaction at READ COMMITTED");
		}
	}

	/** Rows of another scope id: repositories in an open build may have changed it. */
	private List<String> foreign(StratifiedType type, RowStore.ScopeIdColumn column, BuildInfo build) {
		StratifiedTable table = this.schema.get()
			.tables()
			.stream()
			.filter((each) -> each.name().equals(column.table()))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Table " + column.table() + " is not stratified"));
		String found = this.database.asText("c." + column.column());
		return this.jdbc
			.sql("select c." + table.idColumn() + ", " + found + " from " + table.name() + " c where c."
					+ table.buildColumn() + " = ? and (c." + column.column() + " is null or " + found
					+ " <> ?) order by 1 limit " + EXAMPLES)
			.params(Objects.requireNonNull(this.database.uuid(build.buildStrate())), build.scopeId())
			.query((row, number) -> type.name() + " " + row.getString(1) + " carries scope id '" + row.getString(2)
					+ "' but the build is of '" + build.scopeId() + "'")
			.list();
	}

	private List<String> dangling(StratifiedReference reference, UUID buildStrate) {
		StratifiedTable from = reference.from();
		StratifiedTable to = reference.to();
		String rows = " from " + from.name() + " c left join " + to.name() + " p on p." + to.buildColumn() + " = ?"
				+ " and p." + to.idColumn() + " = c." + reference.column() + " where c." + from.buildColumn()
				+ " = ? and c." + reference.column() + " is not null and p." + to.idColumn() + " is null";
		Object build = Objects.requireNonNull(this.database.uuid(buildStrate));
		List<String> found = this.jdbc
			.sql("select c." + from.idColumn() + ", c." + reference.column() + rows + " order by 1 limit " + EXAMPLES)
			.params(build, build)
			.query((row, number) -> from.type().name() + " " + row.getString(1) + " points with "
					+ reference.name().substring(reference.name().indexOf('.') + 1) + " at " + to.type().name() + " "
					+ row.getString(2) + ", which the build does not have")
			.list();
		if (found.size() == EXAMPLES) {
			long all = this.jdbc.sql("select count(*)" + rows).params(build, build).query(Long.class).single();
			if (all > EXAMPLES) {
				found.add("and " + (all - EXAMPLES) + " more rows like these through " + reference.name());
			}
		}
		return found;
	}

	private long count(StratifiedTable table, UUID buildStrate) {
		return this.jdbc.sql("select count(*) from " + table.name() + " where " + table.buildColumn() + " = ?")
			.param(this.database.uuid(buildStrate))
			.query(Long.class)
			.single();
	}

}
