package io.strates.sample;

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
		String migration = Files
			.readString(new ClassPathResource("db/migration/V1__tables_as_exported.sql").getFile().toPath());

		assertThat(migration)
			.as("Before the first version is out: copy target/exported.sql over the migration; afterwards add another")
			.isEqualTo(Files.readString(Path.of("target", "exported.sql")));
	}

}
