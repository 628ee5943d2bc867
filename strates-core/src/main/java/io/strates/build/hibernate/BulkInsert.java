package io.strates.build.hibernate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

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

		private static final Set<Class<?>> LOCAL = Set.of(LocalDate.class, LocalTime.class, LocalDateTime.class);

		private static final Map<Class<?>, Set<Integer>> CODES = Map.ofEntries(Map.entry(String.class, TEXT),
				Map.entry(Long.class, INTEGERS), Map.entry(Integer.class, INTEGERS), Map.entry(Short.class, INTEGERS),
				Map.entry(Byte.class, INTEGERS), Map.entry(Boolean.class, Set.of(Types.BOOLEAN)),
				Map.entry(Double.class, Set.of(Types.DOUBLE, Types.FLOAT)),
				Map.entry(Float.class, Set.of(Types.REAL, Types.FLOAT)),
				Map.entry(BigDecimal.class, Set.of(Types.NUMERIC, Types.DECIMAL)),
				Map.entry(BigInteger.class, Set.of(Types.NUMERIC, Types.DECIMAL)),
				Map.entry(UUID.class, Set.of(SqlTypes.UUID)), Map.entry(LocalDate.class, Set.of(Types.DATE)),
				Map.entry(LocalTime.class, Set.of(Types.TIME)), Map.entry(LocalDateTime.class, Set.of(Types.TIMESTAMP)),
				Map.entry(Instant.class, Set.of(SqlTypes.TIMESTAMP_UTC)),
				Map.entry(OffsetDateTime.class, Set.of(SqlTypes.TIMESTAMP_UTC, Types.TIMESTAMP_WITH_TIMEZONE)),
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
					int column = i;
					rows.forEach((row) -> replaceEnum(row, column));
				}
			}
			PostgresCopy.insert(connection, this.plan.table(), this.columns, rows);
		}

		/**
		 * Hibernate goes by way of java.sql types, which count such days in the Julian
		 * calendar, both when it writes and when it reads.
		 */
		private static boolean isBeforeGregorianCalendar(List<@Nullable Object[]> rows, int column) {
			return rows.stream().anyMatch((row) -> isBeforeGregorianCalendar(row[column]));
		}

		private static boolean isBeforeGregorianCalendar(@Nullable Object value) {
			if (value instanceof Instant instant) {
				return instant.isBefore(GREGORIAN);
			}
			return value instanceof Temporal temporal && temporal.isSupported(ChronoField.YEAR)
					&& temporal.get(ChronoField.YEAR) < GREGORIAN_YEAR;
		}

		@SuppressWarnings("EnumOrdinal") // what EnumType.ORDINAL stores
		private void replaceEnum(@Nullable Object[] row, int column) {
			if (row[column] instanceof Enum<?> constant) {
				row[column] = this.ordinals[column] ? (Object) constant.ordinal() : constant.name();
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
				int columns = this.plan.columns().size();
				for (int i = 0; i < rows.size(); i++) {
					int inStatement = i % rowsPerStatement;
					bind(statement, rows.get(i), inStatement * columns + 1, options);
					if (inStatement == rowsPerStatement - 1) {
						statement.executeUpdate();
					}
				}
			}
		}

		private void bind(PreparedStatement statement, @Nullable Object[] row, int first, WrapperOptions options)
				throws SQLException {
			for (int i = 0; i < row.length; i++) {
				bind(statement, this.plan.columns().get(i).mapping(), row[i], first + i, options);
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
