package io.strates.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the first migration with what the sample exports when it is told to.
 */
class MigrationIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void firstMigrationIsWhatTheLibraryExports() throws Exception {
		Path exported = Path.of("target", "exported.sql").toAbsolutePath();
		Files.deleteIfExists(exported);
		String migration = new ClassPathResource("db/migration/V1__tables_as_exported.sql")
			.getContentAsString(StandardCharsets.UTF_8);

		export(exported);

		assertThat(migration)
			.as("Before the first version is out: copy target/exported.sql over the migration; afterwards add another")
			.isEqualTo(Files.readString(exported));
	}

	/** Runs the command, which ends the JVM. */
	private void export(Path file) throws Exception {
		Path output = this.directory.resolve("output.log");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), SampleApplication.class.getName(), "--server.port=0"));
		Servers.properties().forEach((property) -> command.add("--" + property));
		command.add("--strates.schema.export-to=" + file);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

}
