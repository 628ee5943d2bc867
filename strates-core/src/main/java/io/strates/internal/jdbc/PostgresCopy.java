package io.strates.internal.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows with PostgreSQL's {@code COPY … FROM STDIN} in its text format.
 */
public final class PostgresCopy {

	/** What the text format can say without knowing more than the value. */
	private static final Set<Class<?>> TYPES = Set.of(String.class, Long.class, Integer.class, Short.class, Byte.class,
			Boolean.class, Double.class, Float.class, BigDecimal.class, BigInteger.class, UUID.class, LocalDate.class,
			LocalTime.class, LocalDateTime.class, Instant.class, OffsetDateTime.class, byte[].class);

	private static final int BUFFER = 1 << 16;

	private byte[] buffer = new byte[BUFFER];

	private int length;

	private final CopyIn copy;

	private PostgresCopy(CopyIn copy) {
		this.copy = copy;
	}

	/**
	 * Returns whether values of a type can be written. Times are: those that a value of
	 * the type has from the year 1583 on.
	 * @param type the class of the values
	 * @return whether {@link #insert} takes them
	 */
	public static boolean canWrite(Class<?> type) {
		return TYPES.contains(type);
	}

	/**
	 * Inserts rows in the transaction of a connection.
	 * @param connection a connection to PostgreSQL, possibly wrapped by a pool
	 * @param table the table as SQL writes it
	 * @param columns the columns as SQL writes them
	 * @param rows the values in the order of the columns, of types that can be written
	 * @throws SQLException if the database refuses them; then none is kept
	 */
	public static void insert(Connection connection, String table, List<String> columns, List<@Nullable Object[]> rows)
			throws SQLException {
		String sql = "copy " + table + " (" + String.join(", ", columns) + ") from stdin";
		CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
		try {
			PostgresCopy target = new PostgresCopy(copy);
			target.writeAll(rows);
			target.flush();
			copy.endCopy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			cancel(copy, ex);
			throw ex;
		}
	}

	/** On a broken connection this fails too, which is not what went wrong first. */
	private static void cancel(CopyIn copy, Throwable cause) {
		try {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
		catch (SQLException | RuntimeException ex) {
			cause.addSuppressed(ex);
		}
	}

	/** By index: the formatter tears the type of a row in a loop over the list. */
	private void writeAll(List<@Nullable Object[]> rows) throws SQLException {
		for (int i = 0; i < rows.size(); i++) {
			write(rows.get(i));
		}
	}

	private void write(@Nullable Object[] row) throws SQLException {
		for (int i = 0; i < row.length; i++) {
			if (i > 0) {
				put((byte) '\t');
			}
			write(row[i]);
		}
		put((byte) '\n');
		if (this.length >= BUFFER) {
			flush();
		}
	}

	private void write(@Nullable Object value) {
		if (value == null) {
			put((byte) '\\');
			put((byte) 'N');
		}
		else if (value instanceof String text) {
			putEscaped(text);
		}
		else if (value instanceof byte[] bytes) {
			putAscii("\\\\x");
			putAscii(HexFormat.of().formatHex(bytes));
		}
		else {
			putAscii(PostgresText.of(value));
		}
	}

	private void putAscii(String text) {
		int size = text.length();
		ensure(size);
		for (int i = 0; i < size; i++) {
			this.buffer[this.length++] = (byte) text.charAt(i);
		}
	}

	private void putEscaped(String text) {
		int size = text.length();
		ensure(2 * size);
		for (int i = 0; i < size; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				putUtf8(text.substring(i));
				return;
			}
			switch (c) {
				case '\\' -> putPair('\\');
				case '\t' -> putPair('t');
				case '\n' -> putPair('n');
				case '\r' -> putPair('r');
				default -> this.buffer[this.length++] = (byte) c;
			}
		}
	}

	private void putUtf8(String rest) {
		byte[] bytes = rest.getBytes(StandardCharsets.UTF_8);
		ensure(2 * bytes.length);
		for (byte b : bytes) {
			switch (b) {
				case '\\' -> putPair('\\');
				case '\t' -> putPair('t');
				case '\n' -> putPair('n');
				case '\r' -> putPair('r');
				default -> this.buffer[this.length++] = b;
			}
		}
	}

	private void putPair(char c) {
		this.buffer[this.length++] = '\\';
		this.buffer[this.length++] = (byte) c;
	}

	private void put(byte b) {
		ensure(1);
		this.buffer[this.length++] = b;
	}

	private void ensure(int more) {
		if (this.length + more > this.buffer.length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.buffer.length * 2, this.length + more));
		}
	}

	private void flush() throws SQLException {
		if (this.length > 0) {
			this.copy.writeToCopy(this.buffer, 0, this.length);
			this.length = 0;
		}
	}

}
