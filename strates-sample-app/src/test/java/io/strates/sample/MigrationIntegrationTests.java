package io.strates.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the first migration with what the start exports.
 */
class MigrationIntegrationTests extends SampleIntegrationTest {

	@Test
	void firstMigrationIsWhatTheLibraryExports() throws Exception {
		String migration = new ClassPathResource("db/migration/V1__tables_as_exported.sql")
			.getContentAsString(StandardCharsets.UTF_8);

		assertThat(migration)
			.as("Before the first version is out: copy target/exported.sql over the migration; afterwards add another")
			.isEqualTo(Files.readString(Path.of("target", "exported.sql")));
	}

}
