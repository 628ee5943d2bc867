package io.strates.store.hibernate;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

import io.strates.store.EntityState;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.type.CustomType;
import org.jspecify.annotations.Nullable;

/**
 * Binds rows as one array for each column.
 */
/*
 * Many rows cost PostgreSQL and its driver far less as one array for each column than as
 * a parameter for each value, and one statement serves any number of rows. But an array
 * bypasses Hibernate's binders, and its elements have a type of their own, from which the
 * database converts to that of the column. So arrays are used only where the column's
 * type in the database is known to be what Hibernate would bind, where Hibernate's own
 * binder is used, which adds nothing, and for values that both write alike; everything
 * else is written value by value.
 */
final class ColumnArrays {

	private static final String TYPES = "select a.attname, t.typname from pg_attribute a join pg_type t"
			+ " on t.oid = a.atttypid and t.typnamespace = cast('pg_catalog' as regnamespace)"
			+ " where a.attrelid = cast(? as regclass) and a.attnum > 0 and not a.attisdropped";

	/** What stands for each row's values in an array, by the type of the column. */
	private static final Map<String, Element> ELEMENTS = Map.of("int8", new Element(Long.class, Long.class), "int4",
			new Element(Integer.class, Integer.class), "int2", new Element(Short.class, Short.class), "bool",
			new Element(Boolean.class, Boolean.class), "text", new Element(String.class, String.class), "varchar",
			new Element(String.class, String.class), "numeric", new Element(BigDecimal.class, String.class), "uuid",
			new Element(UUID.class, String.class), "timestamptz", new Element(Instant.class, String.class));

	/** As far as texts of both the driver and the database agree. */
	private static final Instant FIRST = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toInstant();

	private static final Instant LAST = OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC).toInstant();

	private static final int ROUNDING_NANOS = 500;

	private final String table;

	private final List<Column> columns;

	private volatile @Nullable Map<String, String> known;

	ColumnArrays(String table, List<Column> columns) {
		this.table = table;
		this.columns = columns;
	}

	/**
	 * What an array holds.
	 *
	 * @param value the type of the values
	 * @param written the type that they are written as
	 */
	private record Element(Class<?> value, Class<?> written) {

		boolean takes(@Nullable Object each) {
			return each == null || each instanceof Enum<?> || (this.value.isInstance(each)
					&& (!(each instanceof Instant instant) || (!instant.isBefore(FIRST) && instant.isBefore(LAST))));
		}

		@Nullable Object write(@Nullable Object each) {
			if (each instanceof Enum<?> constant) {
				return constant.name();
			}
			if (each instanceof Instant instant) {
				// As the driver rounds, where the database would take the even neighbour.
				return instant.plusNanos(ROUNDING_NANOS).truncatedTo(ChronoUnit.MICROS).toString();
			}
			return (each == null || this.written.isInstance(each)) ? each : each.toString();
		}

	}

	/**
	 * Returns the types of arrays for columns, or {@code null} if rows have to be written
	 * value by value.
	 * @param execute prepares a statement for the work
	 */
	@Nullable List<String> types(List<Column> written, List<EntityState> rows, BiConsumer<String, StatementWork> execute) {
		Map<String, String> types = known(execute);
		List<String> arrays = new ArrayList<>(written.size());
		for (Column column : written) {
			String type = types.get(name(column));
			Element element = (type != null && isBoundPlainly(column)) ? ELEMENTS.get(type) : null;
			if (type == null || element == null || !isOf(element, column)) {
				return null;
			}
			int place = this.columns.indexOf(column);
			for (EntityState row : rows) {
				if (!element.takes(row.value(place))) {
					return null;
				}
			}
			arrays.add(type);
		}
		return arrays;
	}

	private Map<String, String> known(BiConsumer<String, StatementWork> execute) {
		Map<String, String> types = this.known;
		if (types == null) {
			Map<String, String> found = new HashMap<>();
			execute.accept(TYPES, (statement) -> {
				statement.setString(1, this.table);
				try (ResultSet rows = statement.executeQuery()) {
					while (rows.next()) {
						found.put(rows.getString(1), rows.getString(2));
					}
				}
			});
			types = Map.copyOf(found);
			this.known = types;
		}
		return types;
	}

	/** As the catalog has it. */
	private static String name(Column column) {
		String name = column.name();
		return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT);
	}

	private static boolean isOf(Element element, Column column) {
		Class<?> type = column.mapping().getJdbcJavaType().getJavaTypeClass();
		boolean name = type.isEnum() && element.value() == String.class && column.mapping().getJdbcType().isString();
		return name || element.value().equals(type);
	}

	private static boolean isBoundPlainly(Column column) {
		JdbcMapping mapping = column.mapping();
		return column.marker().equals("?") && !(mapping instanceof CustomType) && !mapping.getJdbcType().isLob()
				&& isOfHibernate(mapping.getJdbcType()) && isOfHibernate(mapping.getJdbcJavaType());
	}

	/** A type of the application may turn a value into another. */
	private static boolean isOfHibernate(Object type) {
		return type.getClass().getName().startsWith("org.hibernate.");
	}

	void bind(PreparedStatement statement, List<Column> written, List<String> types, List<EntityState> rows)
			throws SQLException {
		Connection connection = statement.getConnection();
		for (int index = 0; index < types.size(); index++) {
			String type = types.get(index);
			Element element = ELEMENTS.get(type);
			if (element == null) {
				throw new IllegalArgumentException("No array is of " + type);
			}
			int place = this.columns.indexOf(written.get(index));
			@Nullable Object[] values = (Object[]) Array.newInstance(element.written(), rows.size());
			for (int row = 0; row < values.length; row++) {
				values[row] = element.write(rows.get(row).value(place));
			}
			statement.setArray(index + 1, connection.createArrayOf(type, values));
		}
	}

}
