package io.strates.dev;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DevPostgres}.
 */
class DevPostgresIntegrationTests {

	@Test
	void sharedIsOneServerThatClosingDoesNotStop() throws SQLException {
		DevPostgres shared = DevPostgres.shared();

		shared.close();

		assertThat(DevPostgres.shared()).isSameAs(shared);
		assertThat(query(database(shared), "show server_version_num")).startsWith("18");
	}

	@Test
	void newDatabaseIsEmptyAndKnowsNothingOfOthers() {
		DevDatabase one = DevPostgres.newDatabase();
		Sql.execute(one, "create table item (id int)");
		DevDatabase other = DevPostgres.newDatabase();

		assertThat(other.jdbcUrl()).isNotEqualTo(one.jdbcUrl());
		assertThatIllegalStateException().isThrownBy(() -> Sql.execute(other, "select * from item"))
			.withMessageContaining("select * from item")
			.withMessageContaining(other.jdbcUrl());
	}

	@Test
	void startAppliesTheCallersSettingsOverTheDefaults() throws SQLException {
		try (DevPostgres server = DevPostgres.start(Map.of("max_connections", "17"))) {
			assertThat(query(database(server), "show max_connections")).isEqualTo("17");
			assertThat(query(database(server), "show fsync")).isEqualTo("off");
		}
	}

	@Test
	void closeStopsAServerOfOnesOwn() {
		DevPostgres server = DevPostgres.startEmbedded();

		server.close();
		server.close();

		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(database(server), "select 1"));
	}

	private static DevDatabase database(DevPostgres server) {
		return new DevDatabase(server.jdbcUrl(), server.username(), server.password());
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
