package io.strates.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Migrations whose files begin with a number, which Flyway runs as the README says.
 */
class NumberedMigrationsIntegrationTests {

	@TempDir
	private Path directory;

	private DevDatabase database;

	private JdbcClient jdbc;

	@BeforeEach
	void createDatabase() {
		this.database = DevPostgres.newDatabase();
		this.jdbc = JdbcClient.create(new DriverManagerDataSource(this.database.jdbcUrl(), this.database.username(),
				this.database.password()));
	}

	private ConfigurableApplicationContext start() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.datasource.url=" + this.database.jdbcUrl(),
				"--spring.datasource.username=" + this.database.username(),
				"--spring.datasource.password=" + this.database.password(), "--spring.flyway.enabled=true",
				"--spring.flyway.locations=filesystem:" + this.directory, "--spring.flyway.sql-migration-prefix=",
				"--spring.flyway.sql-migration-separator=_", "--spring.jpa.hibernate.ddl-auto=none",
				"--strates.schema.initialize=always");
	}

	private void migration(String name, String sql) throws IOException {
		Files.writeString(this.directory.resolve(name), sql);
	}

	private List<String> lines() {
		return this.jdbc.sql("select text from note order by number").query(String.class).list();
	}

	@Test
	void filesRunOnceAndInTheOrderOfTheirNumbers() throws IOException {
		migration("10_third_note.sql", "insert into note (text) select 'third after ' || count(*) from note;");
		migration("001_notes.sql", "create table note (number int generated always as identity, text text);"
				+ " insert into note (text) values ('first');");
		migration("2_second_note.sql", "insert into note (text) select 'second after ' || count(*) from note;");

		start().close();
		assertThat(lines()).containsExactly("first", "second after 1", "third after 2");
		migration("011_last.sql", "insert into note (text) values ('last');");

		try (ConfigurableApplicationContext context = start()) {
			assertThat(lines()).containsExactly("first", "second after 1", "third after 2", "last");
			assertThat(Stream.of(context.getBean(Flyway.class).info().applied())
				.map(MigrationInfo::getVersion)
				.map(MigrationVersion::getVersion)).containsExactly("001", "2", "10", "011");
			assertThat(Stream.of(context.getBean(Flyway.class).info().applied()).map(MigrationInfo::getDescription))
				.containsExactly("notes", "second note", "third note", "last");
		}
	}

	@Test
	void fileThatWasChangedAfterItRanIsRefusedAndNothingRuns() throws IOException {
		migration("001_notes.sql", "create table note (number int generated always as identity, text text);");
		start().close();
		migration("001_notes.sql", "create table note (number int generated always as identity, text varchar(9));");
		migration("002_more.sql", "insert into note (text) values ('more');");

		assertThatException().isThrownBy(() -> start().close())
			.havingRootCause()
			.isInstanceOf(FlywayValidateException.class)
			.withMessageContaining("checksum mismatch for migration version 001");

		assertThat(lines()).isEmpty();
	}

	@Test
	void fileThatFailsLeavesNothingAndRunsWhenItIsMended() throws IOException {
		migration("001_notes.sql", "create table note (number int generated always as identity, text text);");
		migration("002_more.sql", "insert into note (text) values ('more'); insert into nothing values (1);");
		assertThatException().isThrownBy(() -> start().close());
		assertThat(lines()).isEmpty();

		migration("002_more.sql", "insert into note (text) values ('more');");
		start().close();

		assertThat(lines()).containsExactly("more");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = DevDatabase.class)
	static class Application {

	}

}
