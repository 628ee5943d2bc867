package io.strates.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

/**
 * The statement that compares two builds of an entity: it yields {@code id} and
 * {@code kind}, in the order of the ids.
 */
final class DifferenceSql {

	/** Types of PostgreSQL that cannot be compared, or compare as equal what is not. */
	private static final Set<String> COMPARED_AS_TEXT = Set.of("json", "xml", "point", "line", "lseg", "box", "path",
			"polygon", "circle");

	private static final Set<Integer> TEXTS = Set.of(Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB,
			Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR, Types.NCLOB);

	private static final Set<Integer> BYTES = Set.of(Types.BLOB, Types.LONGVARBINARY, Types.VARBINARY);

	private final StratifiedType type;

	private final StratifiedSchema schema;

	private final Database database;

	private final StringBuilder text = new StringBuilder();

	private final List<Side> params = new ArrayList<>();

	private enum Side {

		FROM, TO

	}

	/**
	 * Writes the statement.
	 * @param type the entity
	 * @param schema its tables
	 * @param database the database to write for
	 * @param connection a connection that tells the types of columns
	 * @throws SQLException if the types cannot be read
	 */
	DifferenceSql(StratifiedType type, StratifiedSchema schema, Database database, Connection connection)
			throws SQLException {
		this.type = type;
		this.schema = schema;
		this.database = database;
		List<StratifiedTable> tables = rowTables();
		List<String> columns = comparedColumns(tables, connection);
		this.text.append("select id, max(kind) as kind from (");
		if (database == Database.POSTGRESQL) {
			appendFullJoin(tables, columns);
		}
		else {
			appendOuterJoins(tables, columns);
		}
		for (StratifiedTable collection : collections()) {
			appendCollection(collection, tables.get(0), connection);
		}
		this.text.append(") d group by id order by id");
	}

	/**
	 * Prepares the statement.
	 * @param connection the connection to run it on
	 * @param from the earlier build
	 * @param to the later build
	 * @return the statement, to be closed
	 * @throws SQLException if it cannot be prepared
	 */
	PreparedStatement prepare(Connection connection, UUID from, UUID to) throws SQLException {
		PreparedStatement statement = connection.prepareStatement(this.text.toString(), ResultSet.TYPE_FORWARD_ONLY,
				ResultSet.CONCUR_READ_ONLY);
		for (int i = 0; i < this.params.size(); i++) {
			statement.setObject(i + 1, this.database.uuid((this.params.get(i) == Side.FROM) ? from : to));
		}
		return statement;
	}

	/**
	 * Reads the current row of the result.
	 * @param row the row
	 * @return the change
	 * @throws SQLException if it cannot be read
	 */
	Difference map(ResultSet row) throws SQLException {
		return new Difference(id(row), switch (row.getInt("kind")) {
			case 0 -> Difference.Kind.CHANGED;
			case 1 -> Difference.Kind.ADDED;
			default -> Difference.Kind.REMOVED;
		});
	}

	private Object id(ResultSet row) throws SQLException {
		if (this.type.idType() == Long.class) {
			return row.getLong("id");
		}
		if (this.type.idType() == Integer.class) {
			return row.getInt("id");
		}
		return (this.type.idType() == String.class) ? Objects.requireNonNull(row.getString("id"))
				: this.database.uuid(row, "id");
	}

	private void appendFullJoin(List<StratifiedTable> tables, List<String> columns) {
		this.text.append("select coalesce(a.id, b.id) as id,"
				+ " case when b.id is null then 2 when a.id is null then 1 else 0 end as kind from (");
		appendRows(tables, columns, Side.FROM);
		this.text.append(") a full join (");
		appendRows(tables, columns, Side.TO);
		this.text.append(") b on b.id = a.id where a.id is null or b.id is null");
		appendDistinct(columns);
	}

	private void appendOuterJoins(List<StratifiedTable> tables, List<String> columns) {
		this.text.append("select a.id as id, case when b.id is null then 2 else 0 end as kind from (");
		appendRows(tables, columns, Side.FROM);
		this.text.append(") a left join (");
		appendRows(tables, columns, Side.TO);
		this.text.append(") b on b.id = a.id where b.id is null");
		appendDistinct(columns);
		this.text.append(" union all select b.id as id, 1 as kind from (");
		appendRows(tables.subList(0, 1), List.of(), Side.TO);
		this.text.append(") b left join (");
		appendRows(tables.subList(0, 1), List.of(), Side.FROM);
		this.text.append(") a on a.id = b.id where a.id is null");
	}

	private void appendDistinct(List<String> columns) {
		for (int i = 0; i < columns.size(); i++) {
			this.text.append(" or ").append(this.database.isDistinct("a.c" + i, "b.c" + i));
		}
	}

	private void appendRows(List<StratifiedTable> tables, List<String> columns, Side side) {
		StratifiedTable base = tables.get(0);
		this.text.append("select t0.").append(base.idColumn()).append(" as id");
		for (int i = 0; i < columns.size(); i++) {
			this.text.append(", ").append(columns.get(i)).append(" as c").append(i);
		}
		this.text.append(" from ").append(base.name()).append(" t0");
		for (int i = 1; i < tables.size(); i++) {
			StratifiedTable table = tables.get(i);
			this.text.append(isSubclass(table) ? " left join " : " join ")
				.append(table.name())
				.append(" t" + i + " on t" + i + ".")
				.append(table.buildColumn())
				.append(" = t0.")
				.append(base.buildColumn())
				.append(" and t" + i + ".")
				.append(table.idColumn())
				.append(" = t0.")
				.append(base.idColumn());
		}
		this.text.append(" where t0.").append(base.buildColumn()).append(" = ?");
		this.params.add(side);
	}

	private void appendCollection(StratifiedTable collection, StratifiedTable base, Connection connection)
			throws SQLException {
		List<String> grouped = new ArrayList<>(List.of("c." + collection.idColumn()));
		grouped.addAll(expressions(collection, "c", true, connection));
		this.text.append(" union all select c.")
			.append(collection.idColumn())
			.append(" as id, 0 as kind from ")
			.append(collection.name())
			.append(" c");
		if (collection.type().javaType() != this.type.javaType()
				&& collection.type().javaType().isAssignableFrom(this.type.javaType())) {
			this.text.append(" join " + base.name() + " t on t." + base.buildColumn() + " = c."
					+ collection.buildColumn() + " and t." + base.idColumn() + " = c." + collection.idColumn());
		}
		this.text.append(" where c.")
			.append(collection.buildColumn())
			.append(" in (?, ?) group by ")
			.append(String.join(", ", grouped))
			.append(" having sum(case when c.")
			.append(collection.buildColumn())
			.append(" = ? then 1 else -1 end) <> 0");
		this.params.addAll(List.of(Side.FROM, Side.TO, Side.FROM));
	}

	/** The table that says which ids there are, then those with one row for an id. */
	private List<StratifiedTable> rowTables() {
		List<StratifiedTable> tables = new ArrayList<>();
		for (StratifiedType found = this.type; found != null; found = superclass(found)) {
			tables.addAll(rowTables(found));
		}
		for (StratifiedType other : this.schema.model().types(this.type.scope())) {
			if (!other.equals(this.type) && this.type.javaType().isAssignableFrom(other.javaType())) {
				tables.addAll(rowTables(other));
			}
		}
		return tables;
	}

	private List<StratifiedTable> rowTables(StratifiedType type) {
		return this.schema.tables(type).stream().filter((table) -> table.kind() != Kind.COLLECTION).toList();
	}

	private @Nullable StratifiedType superclass(StratifiedType type) {
		return this.schema.model().find(type.javaType().getSuperclass());
	}

	private boolean isSubclass(StratifiedTable table) {
		return table.type().javaType() != this.type.javaType()
				&& this.type.javaType().isAssignableFrom(table.type().javaType());
	}

	private List<StratifiedTable> collections() {
		return this.schema.tables()
			.stream()
			.filter((table) -> table.kind() == Kind.COLLECTION)
			.filter((table) -> table.type().javaType().isAssignableFrom(this.type.javaType())
					|| this.type.javaType().isAssignableFrom(table.type().javaType()))
			.toList();
	}

	private List<String> comparedColumns(List<StratifiedTable> tables, Connection connection) throws SQLException {
		List<String> columns = new ArrayList<>();
		for (int i = 0; i < tables.size(); i++) {
			StratifiedTable table = tables.get(i);
			if (isSubclass(table)) {
				// Whether it is of this class.
				columns.add("t" + i + "." + table.idColumn());
			}
			columns.addAll(expressions(table, "t" + i, false, connection));
		}
		return columns;
	}

	/** What to compare instead of the plain columns of a table. */
	private List<String> expressions(StratifiedTable table, String alias, boolean grouped, Connection connection)
			throws SQLException {
		List<String> expressions = new ArrayList<>();
		if (table.columns().isEmpty()) {
			return expressions;
		}
		String empty = "select " + String.join(", ", table.columns()) + " from " + table.name() + " where 1 = 0";
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(empty)) {
			ResultSetMetaData metaData = rows.getMetaData();
			for (int i = 0; i < table.columns().size(); i++) {
				expressions.add(expression(alias + "." + table.columns().get(i), metaData.getColumnType(i + 1),
						metaData.getColumnTypeName(i + 1).toLowerCase(Locale.ROOT), grouped));
			}
		}
		return expressions;
	}

	private String expression(String column, int type, String typeName, boolean grouped) {
		return switch (this.database) {
			case POSTGRESQL -> {
				if (typeName.equals("oid")) {
					// Each build has its own copy of a large object.
					yield "lo_get(" + column + ")";
				}
				yield COMPARED_AS_TEXT.contains(typeName) ? "cast(" + column + " as text)" : column;
			}
			case MARIADB, MYSQL -> {
				boolean text = TEXTS.contains(type);
				if (grouped && (text || BYTES.contains(type))) {
					// They group by the first bytes only.
					yield "sha2(" + column + ", 256)";
				}
				// By bytes: not by collation.
				yield text ? "cast(" + column + " as binary)" : column;
			}
			case H2 -> column;
		};
	}

}
