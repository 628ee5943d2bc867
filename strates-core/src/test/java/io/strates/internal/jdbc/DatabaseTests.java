package io.strates.internal.jdbc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Database}.
 */
class DatabaseTests {

	@ParameterizedTest
	@EnumSource
	void eachDatabaseHasAScript(Database database) throws IOException {
		assertThat(script(database)).contains("create table if not exists stratified_build (");
	}

	/** MySQL is not among the servers of the tests. */
	@Test
	void scriptOfMySqlIsThatOfMariaDbButForUuids() throws IOException {
		assertThat(script(Database.MYSQL)).isEqualTo(script(Database.MARIADB).replace(" uuid", " binary(16)"));
	}

	private static String script(Database database) throws IOException {
		return new ClassPathResource(database.script()).getContentAsString(StandardCharsets.UTF_8);
	}

}
