package io.strates.internal.jdbc;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * A supported database: the few statements and types that it writes in its own way.
 */
public enum Database {

	/** PostgreSQL 15 and later. */
	POSTGRESQL("clock_timestamp()", " for share", " on conflict do nothing", "strates-postgresql.sql"),
	/** MariaDB 10.7 and later, which have a type for UUIDs. */
	MARIADB("utc_timestamp(6)", " lock in share mode", "", "strates-mariadb.sql"),
	/** MySQL 8. */
	MYSQL("utc_timestamp(6)", " for share", "", "strates-mysql.sql"),
	/**
	 * H2, for quick tests of applications. It shares no row locks: chunks of one build
	 * wait for each other.
	 */
	H2("current_timestamp(6)", " for update", "", "strates-postgresql.sql");

	private final String now;

	private final String shareLock;

	private final String ignoreConflict;

	private final String script;

	Database(String now, String shareLock, String ignoreConflict, String script) {
		this.now = now;
		this.shareLock = shareLock;
		this.ignoreConflict = ignoreConflict;
		this.script = script;
	}

	/**
	 * Detects the database behind a data source.
	 * @param dataSource the data source to ask
	 * @return the database
	 * @throws IllegalStateException if it is not supported or cannot be reached
	 */
	public static Database of(DataSource dataSource) {
		String product;
		try {
			product = JdbcUtils.extractDatabaseMetaData(dataSource, (metaData) -> {
				String version = metaData.getDatabaseProductVersion();
				return metaData.getDatabaseProductName() + (version.contains("MariaDB") ? " MariaDB" : "");
			});
		}
		catch (MetaDataAccessException ex) {
			throw new IllegalStateException("The database of Strates' metadata cannot be reached: " + ex.getMessage(),
					ex);
		}
		String name = product.toLowerCase(Locale.ROOT);
		if (name.contains("postgresql")) {
			return POSTGRESQL;
		}
		if (name.contains("mariadb")) {
			return MARIADB;
		}
		if (name.contains("mysql")) {
			return MYSQL;
		}
		if (name.equals("h2")) {
			return H2;
		}
		throw new IllegalStateException(
				"Database '" + product + "' is not supported; use PostgreSQL, MySQL, MariaDB, or H2 for tests");
	}

	/**
	 * Returns the expression for the database's clock, which runs on inside a transaction
	 * where the database has such a clock.
	 * @return an SQL expression
	 */
	public String now() {
		return this.now;
	}

	/**
	 * Returns the expression for the database's clock plus some microseconds.
	 * @param micros an SQL expression, or a parameter
	 * @return an SQL expression
	 */
	public String nowPlusMicros(String micros) {
		return switch (this) {
			case POSTGRESQL -> this.now + " + (" + micros + " * interval '1 microsecond')";
			case MARIADB, MYSQL -> "date_add(" + this.now + ", interval " + micros + " microsecond)";
			case H2 -> "dateadd(microsecond, " + micros + ", " + this.now + ")";
		};
	}

	/**
	 * Returns the expression for the database's clock, but later than a time whatever
	 * that clock says.
	 * @param time the column that holds the time
	 * @return an SQL expression
	 */
	public String nowButAfter(String time) {
		String next = switch (this) {
			case POSTGRESQL -> time + " + interval '1 microsecond'";
			case MARIADB, MYSQL -> "date_add(" + time + ", interval 1 microsecond)";
			case H2 -> "dateadd(microsecond, 1, " + time + ")";
		};
		return "greatest(" + this.now + ", " + next + ")";
	}

	/**
	 * Returns the clause that makes a select take a lock that readers of the same kind
	 * share and writers wait for.
	 * @return the clause, with a leading space
	 */
	public String shareLock() {
		return this.shareLock;
	}

	/**
	 * Completes an insert so that an existing key leaves everything as it is.
	 * @param insert a complete {@code insert into … values …}
	 * @return the statement; it counts 0 rows where the key exists, but on H2 it fails
	 * with a duplicate key, which leaves the transaction usable there
	 */
	public String insertIfAbsent(String insert) {
		return switch (this) {
			case MARIADB, MYSQL -> insert.replaceFirst("^insert into", "insert ignore into");
			default -> insert + this.ignoreConflict;
		};
	}

	/**
	 * Returns a value as text.
	 * @param value an SQL expression
	 * @return an SQL expression
	 */
	public String asText(String value) {
		return switch (this) {
			case MARIADB, MYSQL -> "cast(" + value + " as char)";
			default -> "cast(" + value + " as varchar)";
		};
	}

	/**
	 * Returns the comparison of two values that treats null as a value.
	 * @param left an SQL expression
	 * @param right an SQL expression
	 * @return a condition
	 */
	public String isDistinct(String left, String right) {
		return switch (this) {
			case MARIADB, MYSQL -> "not (" + left + " <=> " + right + ")";
			default -> left + " is distinct from " + right;
		};
	}

	/**
	 * Returns the script that creates the metadata tables.
	 * @return the location on the class path
	 */
	public String script() {
		return "io/strates/schema/" + this.script;
	}

	/**
	 * Lists the parameters of a statement, some of which may be null.
	 * @param values the parameters in their order
	 * @return a list as {@code JdbcClient} takes it
	 */
	public static List<@Nullable Object> params(@Nullable Object... values) {
		return Arrays.asList(values);
	}

	/**
	 * Converts a UUID to what the driver takes.
	 * @param uuid the UUID, or {@code null}
	 * @return the parameter
	 */
	public @Nullable Object uuid(@Nullable UUID uuid) {
		if (uuid == null || this == POSTGRESQL || this == H2) {
			return uuid;
		}
		if (this == MARIADB) {
			return uuid.toString();
		}
		return ByteBuffer.allocate(16)
			.putLong(uuid.getMostSignificantBits())
			.putLong(uuid.getLeastSignificantBits())
			.array();
	}

	/**
	 * Reads a UUID that must be there.
	 * @param row the row
	 * @param column the column
	 * @return the UUID
	 * @throws SQLException if the row cannot be read
	 */
	public UUID uuid(ResultSet row, String column) throws SQLException {
		UUID uuid = nullableUuid(row, column);
		if (uuid == null) {
			throw new SQLException("Column " + column + " holds no UUID");
		}
		return uuid;
	}

	/**
	 * Reads a UUID.
	 * @param row the row
	 * @param column the column
	 * @return the UUID, or {@code null}
	 * @throws SQLException if the row cannot be read
	 */
	public @Nullable UUID nullableUuid(ResultSet row, String column) throws SQLException {
		Object value = row.getObject(column);
		if (value == null || value instanceof UUID) {
			return (UUID) value;
		}
		if (value instanceof byte[] bytes) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			return new UUID(buffer.getLong(), buffer.getLong());
		}
		return UUID.fromString(value.toString());
	}

	/**
	 * Converts an instant to what the driver takes.
	 * @param instant the instant
	 * @return the parameter
	 */
	public Object timestamp(Instant instant) {
		return switch (this) {
			case MARIADB, MYSQL -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
			default -> instant.atOffset(ZoneOffset.UTC);
		};
	}

	/**
	 * Reads an instant that must be there.
	 * @param row the row
	 * @param column the column
	 * @return the instant
	 * @throws SQLException if the row cannot be read
	 */
	public Instant timestamp(ResultSet row, String column) throws SQLException {
		Instant instant = nullableTimestamp(row, column);
		if (instant == null) {
			throw new SQLException("Column " + column + " holds no time");
		}
		return instant;
	}

	/**
	 * Reads an instant.
	 * @param row the row
	 * @param column the column
	 * @return the instant, or {@code null}
	 * @throws SQLException if the row cannot be read
	 */
	public @Nullable Instant nullableTimestamp(ResultSet row, String column) throws SQLException {
		if (this == MARIADB || this == MYSQL) {
			LocalDateTime local = row.getObject(column, LocalDateTime.class);
			return (local != null) ? local.toInstant(ZoneOffset.UTC) : null;
		}
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
