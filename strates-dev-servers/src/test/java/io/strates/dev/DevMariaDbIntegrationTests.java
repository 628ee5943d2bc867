package io.strates.dev;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DevMariaDb}.
 */
@Tag("mariadb")
class DevMariaDbIntegrationTests {

	@Test
	void newDatabaseIsEmptyAndKnowsNothingOfOthers() {
		DevDatabase one = DevMariaDb.newDatabase();
		Sql.execute(one, "create table item (id int)");
		DevDatabase other = DevMariaDb.newDatabase();

		assertThat(other.jdbcUrl()).isNotEqualTo(one.jdbcUrl());
		assertThatIllegalStateException().isThrownBy(() -> Sql.execute(other, "select * from item"))
			.withMessageContaining(other.jdbcUrl());
	}

	@Test
	void newDatabaseStoresEveryUnicodeCharacter() throws SQLException {
		DevDatabase database = DevMariaDb.newDatabase();
		Sql.execute(database, "create table item (name varchar(10))");
		Sql.execute(database, "insert into item values ('\uD83E\uDDF1')");

		assertThat(query(database, "select name from item")).isEqualTo("\uD83E\uDDF1");
	}

	private static String query(DevDatabase database, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(),
				database.password());
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			assertThat(rows.next()).isTrue();
			return rows.getString(1);
		}
	}

}
