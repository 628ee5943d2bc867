package io.strates.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * The rows of a difference, fetched as they are consumed on a connection of their own.
 * The connection is taken with the first row and given back after the last.
 */
final class DifferenceRows extends Spliterators.AbstractSpliterator<Difference> implements AutoCloseable {

	private static final int FETCH_SIZE = 1_000;

	private final DataSource dataSource;

	private final Database database;

	private final StatementSource source;

	private final UUID from;

	private final UUID to;

	private @Nullable Cursor cursor;

	private boolean closed;

	/** Finds the statement, which may have to ask the database for types first. */
	@FunctionalInterface
	interface StatementSource {

		DifferenceSql get(Connection connection) throws SQLException;

	}

	DifferenceRows(DataSource dataSource, Database database, StatementSource source, UUID from, UUID to) {
		super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.IMMUTABLE);
		this.dataSource = dataSource;
		this.database = database;
		this.source = source;
		this.from = from;
		this.to = to;
	}

	@Override
	public boolean tryAdvance(Consumer<? super Difference> action) {
		Difference next = next();
		if (next == null) {
			return false;
		}
		action.accept(next);
		return true;
	}

	private @Nullable Difference next() {
		if (this.closed) {
			return null;
		}
		try {
			if (this.cursor == null) {
				this.cursor = open();
			}
			if (this.cursor.rows().next()) {
				return this.cursor.sql().map(this.cursor.rows());
			}
		}
		catch (SQLException ex) {
			close();
			throw translate(ex);
		}
		close();
		return null;
	}

	private Cursor open() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		try {
			connection.setReadOnly(true);
			connection.setAutoCommit(false); // else PostgreSQL sends all rows at once
			DifferenceSql sql = this.source.get(connection);
			PreparedStatement statement = sql.prepare(connection, this.from, this.to);
			statement.setFetchSize((this.database == Database.MYSQL) ? Integer.MIN_VALUE : FETCH_SIZE);
			return new Cursor(connection, statement, statement.executeQuery(), sql);
		}
		catch (SQLException | RuntimeException | Error ex) {
			end(connection);
			throw ex;
		}
	}

	@Override
	public void close() {
		this.closed = true;
		Cursor open = this.cursor;
		this.cursor = null;
		if (open != null) {
			JdbcUtils.closeResultSet(open.rows());
			JdbcUtils.closeStatement(open.statement());
			end(open.connection());
		}
	}

	/** Leaves the connection as a pool without resets of its own expects it. */
	private static void end(Connection connection) {
		try {
			connection.rollback();
			connection.setAutoCommit(true);
			connection.setReadOnly(false);
		}
		catch (SQLException ex) {
			// what is broken cannot be reset; the pool finds out by itself
		}
		finally {
			JdbcUtils.closeConnection(connection);
		}
	}

	private static DataAccessException translate(SQLException ex) {
		String task = "comparing two builds";
		DataAccessException translated = new SQLExceptionSubclassTranslator().translate(task, null, ex);
		return (translated != null) ? translated : new UncategorizedSQLException(task, null, ex);
	}

	/** What has to be closed. */
	private record Cursor(Connection connection, PreparedStatement statement, ResultSet rows, DifferenceSql sql) {
	}

}
