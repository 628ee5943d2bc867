package io.strates.build.hibernate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.internal.jdbc.Database;
import io.strates.internal.jdbc.PostgresCopy;
import org.hibernate.StatelessSession;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The fastest way to insert the rows of a plan that their types and the database allow.
 */
interface BulkInsert {

	/** Inserts rows on a connection, in its transaction. */
	void insert(Connection connection, List<@Nullable Object[]> rows) throws SQLException;

	static BulkInsert of(RowPlan plan, Database database, SessionFactoryImplementor factory) {
		boolean zoned = factory.getSessionFactoryOptions().getJdbcTimeZone() != null;
		boolean copy = database == Database.POSTGRESQL
				&& ClassUtils.isPresent("org.postgresql.PGConnection", BulkInsert.class.getClassLoader())
				&& plan.columns().stream().allMatch((column) -> Copy.isText(column.mapping(), zoned));
		Multirow multirow = new Multirow(plan, factory);
		return copy ? new Copy(plan, multirow) : multirow;
	}

	/** {@code COPY}, for types whose text needs nothing but the value. */
	final class Copy implements BulkInsert {

		private static final Set<Integer> TEXT = Set.of(Types.VARCHAR, Types.CHAR, Types.LONGVARCHAR, Types.NVARCHAR,
				SqlTypes.LONG32VARCHAR);

		private static final Set<Integer> INTEGERS = Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);

		private static final Set<Class<?>> LOCAL = Set.of(java.time.LocalDate.class, java.time.LocalTime.class,
				java.time.LocalDateTime.class);

		private static final Map<Class<?>, Set<Integer>> CODES = Map.ofEntries(Map.entry(String.class, TEXT),
				Map.entry(Long.class, INTEGERS), Map.entry(Integer.class, INTEGERS), Map.entry(Short.class, INTEGERS),
				Map.entry(Byte.class, INTEGERS), Map.entry(Boolean.class, Set.of(Types.BOOLEAN)),
				Map.entry(Double.class, Set.of(Types.DOUBLE, Types.FLOAT)),
				Map.entry(Float.class, Set.of(Types.REAL, Types.FLOAT)),
				Map.entry(java.math.BigDecimal.class, Set.of(Types.NUMERIC, Types.DECIMAL)),
				Map.entry(java.math.BigInteger.class, Set.of(Types.NUMERIC, Types.DECIMAL)),
				Map.entry(java.util.UUID.class, Set.of(SqlTypes.UUID)),
				Map.entry(java.time.LocalDate.class, Set.of(Types.DATE)),
				Map.entry(java.time.LocalTime.class, Set.of(Types.TIME)),
				Map.entry(java.time.LocalDateTime.class, Set.of(Types.TIMESTAMP)),
				Map.entry(java.time.Instant.class, Set.of(SqlTypes.TIMESTAMP_UTC)),
				Map.entry(java.time.OffsetDateTime.class,
						Set.of(SqlTypes.TIMESTAMP_UTC, Types.TIMESTAMP_WITH_TIMEZONE)),
				Map.entry(byte[].class, Set.of(Types.VARBINARY, Types.BINARY, SqlTypes.LONG32VARBINARY)));

		private static final int GREGORIAN_YEAR = 1583;

		private static final Instant GREGORIAN = Instant.parse(GREGORIAN_YEAR + "-01-02T00:00:00Z");

		private final RowPlan plan;

		private final List<String> columns;

		private final boolean[] enums;

		private final boolean[] ordinals;

		private final boolean[] temporal;

		/** For rows with a time that the text would not say as the binders do. */
		private final Multirow multirow;

		Copy(RowPlan plan, Multirow multirow) {
			this.plan = plan;
			this.multirow = multirow;
			this.columns = plan.columns().stream().map(RowPlan.Column::name).toList();
			this.enums = new boolean[this.columns.size()];
			this.ordinals = new boolean[this.columns.size()];
			this.temporal = new boolean[this.columns.size()];
			for (int i = 0; i < this.enums.length; i++) {
				JdbcMapping mapping = plan.columns().get(i).mapping();
				this.enums[i] = javaType(mapping).isEnum();
				this.temporal[i] = Temporal.class.isAssignableFrom(javaType(mapping));
				this.ordinals[i] = INTEGERS.contains(mapping.getJdbcType().getDdlTypeCode());
			}
		}

		/** With a time zone for JDBC, local times are converted by their binders. */
		static boolean isText(JdbcMapping mapping, boolean zoned) {
			int code = mapping.getJdbcType().getDdlTypeCode();
			Class<?> type = javaType(mapping);
			if (zoned && LOCAL.contains(type)) {
				return false;
			}
			if (type.isEnum()) {
				return TEXT.contains(code) || INTEGERS.contains(code);
			}
			return PostgresCopy.canWrite(type) && CODES.getOrDefault(type, Set.of()).contains(code);
		}

		private static Class<?> javaType(JdbcMapping mapping) {
			return ClassUtils.resolvePrimitiveIfNecessary(mapping.getJdbcJavaType().getJavaTypeClass());
		}

		@Override
		public void insert(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
			for (int i = 0; i < this.enums.length; i++) {
				if (this.temporal[i] && isBeforeGregorianCalendar(rows, i)) {
					this.multirow.insert(connection, rows);
					return;
				}
			}
			for (int i = 0; i < this.enums.length; i++) {
				if (this.enums[i]) {
					replaceEnums(rows, i);
				}
			}
			PostgresCopy.insert(connection, this.plan.table(), this.columns, rows);
		}

		/**
		 * Hibernate goes by way of java.sql types, which count such days in the Julian
		 * calendar, both when it writes and when it reads.
		 */
		private static boolean isBeforeGregorianCalendar(List<@Nullable Object[]> rows, int column) {
			for (@Nullable
			Object[] row : rows) {
				Object value = row[column];
				if (value instanceof Instant instant ? instant.isBefore(GREGORIAN) : value instanceof Temporal temporal
						&& temporal.isSupported(ChronoField.YEAR) && temporal.get(ChronoField.YEAR) < GREGORIAN_YEAR) {
					return true;
				}
			}
			return false;
		}

		@SuppressWarnings("EnumOrdinal") // what EnumType.ORDINAL stores
		private void replaceEnums(List<@Nullable Object[]> rows, int column) {
			for (@Nullable
			Object[] row : rows) {
				if (row[column] instanceof Enum<?> constant) {
					row[column] = this.ordinals[column] ? (Object) constant.ordinal() : constant.name();
				}
			}
		}

	}

	/** {@code insert … values (…), (…)}, for all types and databases. */
	final class Multirow implements BulkInsert {

		private static final int MAX_ROWS = 500;

		private static final int MAX_PARAMETERS = 30_000;

		private final RowPlan plan;

		private final SessionFactoryImplementor factory;

		private final int rowsPerStatement;

		Multirow(RowPlan plan, SessionFactoryImplementor factory) {
			this.plan = plan;
			this.factory = factory;
			this.rowsPerStatement = Math.max(1, Math.min(MAX_ROWS, MAX_PARAMETERS / plan.columns().size()));
		}

		@Override
		public void insert(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
			int full = rows.size() / this.rowsPerStatement * this.rowsPerStatement;
			try (StatelessSession session = this.factory.withStatelessOptions()
				.connection(connection)
				.openStatelessSession()) {
				WrapperOptions options = (SharedSessionContractImplementor) session;
				if (full > 0) {
					insert(connection, rows.subList(0, full), this.rowsPerStatement, options);
				}
				if (full < rows.size()) {
					insert(connection, rows.subList(full, rows.size()), rows.size() - full, options);
				}
			}
		}

		private void insert(Connection connection, List<@Nullable Object[]> rows, int rowsPerStatement,
				WrapperOptions options) throws SQLException {
			try (PreparedStatement statement = connection.prepareStatement(sql(rowsPerStatement))) {
				for (int from = 0; from < rows.size(); from += rowsPerStatement) {
					int parameter = 1;
					for (@Nullable
					Object[] row : rows.subList(from, from + rowsPerStatement)) {
						for (int i = 0; i < row.length; i++) {
							bind(statement, this.plan.columns().get(i).mapping(), row[i], parameter++, options);
						}
					}
					statement.executeUpdate();
				}
			}
		}

		@SuppressWarnings({ "unchecked", "NullAway" }) // binders take null
		private void bind(PreparedStatement statement, JdbcMapping mapping, @Nullable Object value, int parameter,
				WrapperOptions options) throws SQLException {
			ValueBinder<Object> binder = (ValueBinder<Object>) mapping.getJdbcValueBinder();
			binder.bind(statement, value, parameter, options);
		}

		private String sql(int rows) {
			List<String> names = new ArrayList<>();
			this.plan.columns().forEach((column) -> names.add(column.name()));
			String row = "(" + "?, ".repeat(names.size() - 1) + "?)";
			return "insert into " + this.plan.table() + " (" + String.join(", ", names) + ") values "
					+ (row + ", ").repeat(rows - 1) + row;
		}

	}

}
