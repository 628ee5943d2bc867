package io.strates.dev;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Runs a server's few administrative statements.
 */
final class Sql {

	private Sql() {
	}

	/**
	 * Runs one statement on a connection of its own.
	 * @throws IllegalStateException if the server refuses it
	 */
	static void execute(DevDatabase database, String sql) {
		try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(),
				database.password()); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("'" + sql + "' failed on " + database.jdbcUrl(), ex);
		}
	}

}
