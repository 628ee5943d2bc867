package io.strates.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.strates.boot.shop.Product;
import io.strates.boot.shop.Shops;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** How the tables come into being, on PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class SchemaIntegrationTests {

	@TempDir
	private Path directory;

	private DevDatabase database;

	@BeforeEach
	void createDatabase() {
		this.database = DevPostgres.newDatabase();
	}

	@Test
	void tablesAreNotCreatedOnARealDatabaseUnlessAskedFor(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("spring.jpa.hibernate.ddl-auto=create").close());

		assertThat(output).contains("The POSTGRESQL database lacks the metadata tables",
				"classpath:io/strates/schema/strates-postgresql.sql");
	}

	@Test
	void applicationThatLetsHibernateCreateUpdateAndValidateItsTablesWorks() {
		for (String mode : new String[] { "create", "update", "validate" }) {
			try (ConfigurableApplicationContext context = start("spring.jpa.hibernate.ddl-auto=" + mode,
					"strates.schema.initialize=always")) {
				Shops.release(context, mode, 3, 10);

				assertThat(Shops.count(context, mode)).isEqualTo(3);
			}
		}
	}

	@Test
	void tablesThatHibernateGeneratesHaveTheKeysOfBuilds() {
		try (ConfigurableApplicationContext context = start("spring.jpa.hibernate.ddl-auto=create",
				"strates.schema.initialize=always")) {
			JdbcClient jdbc = context.getBean(JdbcClient.class);

			assertThat(jdbc
				.sql("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'product'::regclass"
						+ " and contype in ('p', 'f')")
				.query(String.class)
				.list()).containsExactlyInAnyOrder("PRIMARY KEY (build_strate, id)",
						"FOREIGN KEY (build_strate, shop_id) REFERENCES shop(build_strate, id)");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "update", "create", "validate" })
	void exportWritesTheFileEndsWellAndLeavesTheDatabaseAlone(String ddlAuto) throws Exception {
		Path ddl = this.directory.resolve("export/strates.ddl");
		Files.createDirectories(ddl.getParent());
		Files.writeString(ddl, "an earlier export");

		Ended ended = startInAnotherJvm("strates.schema.export-to=" + ddl, "strates.schema.initialize=always",
				"spring.jpa.hibernate.ddl-auto=" + ddlAuto);

		assertEndedAfterExportTo(ddl, "POSTGRESQL", ended);
		assertThat(tables()).isEmpty();
	}

	@Test
	void exportWhereTheTablesAreThereEndsTooAndLeavesThemAlone() throws Exception {
		Path ddl = this.directory.resolve("strates.ddl");
		try (ConfigurableApplicationContext context = start("strates.schema.initialize=always",
				"spring.jpa.hibernate.ddl-auto=update")) {
			Shops.release(context, "berlin", 3, 10);
		}
		List<String> tables = tables();

		Ended ended = startInAnotherJvm("strates.schema.export-to=" + ddl, "strates.schema.initialize=always",
				"spring.jpa.hibernate.ddl-auto=create");

		assertEndedAfterExportTo(ddl, "POSTGRESQL", ended);
		assertThat(tables()).containsExactlyInAnyOrderElementsOf(tables).contains("product");
		assertThat(jdbc().sql("select count(*) from product").query(Long.class).single()).isEqualTo(3);
	}

	@Test
	void exportRunsNoMigrations() throws Exception {
		Path ddl = this.directory.resolve("strates.ddl");
		Files.writeString(this.directory.resolve("V1__domain.sql"), "create table marker (id bigint);");
		Files.writeString(this.directory.resolve("changelog.sql"),
				"--liquibase formatted sql\n--changeset shop:1\ncreate table other_marker (id bigint);\n");

		Ended ended = startInAnotherJvm("strates.schema.export-to=" + ddl, "spring.flyway.enabled=true",
				"spring.flyway.locations=filesystem:" + this.directory, "spring.liquibase.enabled=true",
				"spring.liquibase.change-log=" + this.directory.resolve("changelog.sql").toUri());

		assertEndedAfterExportTo(ddl, "POSTGRESQL", ended);
		assertThat(tables()).isEmpty();
	}

	@Test
	void exportOnAnEmbeddedDatabaseEndsToo() throws Exception {
		Path ddl = this.directory.resolve("strates.ddl");

		Ended ended = runInAnotherJvm(Contexts.h2(), "strates.schema.export-to=" + ddl);

		assertEndedAfterExportTo(ddl, "H2", ended);
	}

	private static void assertEndedAfterExportTo(Path ddl, String database, Ended ended) {
		assertThat(ended.output())
			.containsOnlyOnce("The DDL of the metadata tables and of all entities is in " + ddl + ", for " + database
					+ "; the database is left alone, and the application ends here")
			.doesNotContain("WARN", "ERROR", "Exception", "APPLICATION FAILED TO START", "The bean is made",
					"The runner runs");
		assertThat(ended.exitCode()).isZero();
		assertThat(ddl).content()
			.contains("create table if not exists stratified_build (", "create table if not exists strates_task (",
					"create table product (", "primary key (build_strate, id)", "create table note (");
	}

	@Test
	void applicationMigratedByFlywayFromTheExportedDdlWorks() throws Exception {
		Files.copy(export(), this.directory.resolve("V1__strates.sql"));

		try (ConfigurableApplicationContext context = start("spring.flyway.enabled=true",
				"spring.flyway.locations=filesystem:" + this.directory, "spring.jpa.hibernate.ddl-auto=validate",
				"strates.schema.initialize=never")) {
			Shops.release(context, "berlin", 3, 10);

			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
		}
	}

	@Test
	void applicationMigratedByLiquibaseFromTheExportedDdlWorks() throws Exception {
		Path ddl = export();
		Files.writeString(this.directory.resolve("changelog.sql"),
				"--liquibase formatted sql\n--changeset strates:1\n" + Files.readString(ddl));

		try (ConfigurableApplicationContext context = start("spring.liquibase.enabled=true",
				"spring.liquibase.change-log=" + this.directory.resolve("changelog.sql").toUri(),
				"spring.jpa.hibernate.ddl-auto=validate", "strates.schema.initialize=never")) {
			Shops.release(context, "berlin", 3, 10);

			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
		}
	}

	@Test
	void metadataTablesAreCreatedAfterFlywayHasRun() throws IOException {
		Files.writeString(this.directory.resolve("V1__domain.sql"),
				"create table marker (id bigint); create view stratified_marker as select * from marker;");

		try (ConfigurableApplicationContext context = start("spring.flyway.enabled=true",
				"spring.flyway.locations=filesystem:" + this.directory, "spring.jpa.hibernate.ddl-auto=update",
				"strates.schema.initialize=always")) {
			Shops.release(context, "berlin", 3, 10);

			// Flyway refuses a schema that has tables and no history of its own
			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
		}
	}

	/** The DDL for PostgreSQL, as the command writes it. */
	private Path export() throws Exception {
		Path file = this.directory.resolve("strates.ddl");
		assertThat(startInAnotherJvm("strates.schema.export-to=" + file, "spring.jpa.hibernate.ddl-auto=validate"))
			.returns(0, Ended::exitCode);
		return file;
	}

	private List<String> tables() {
		return jdbc().sql("select table_name from information_schema.tables where table_schema = 'public'")
			.query(String.class)
			.list();
	}

	private JdbcClient jdbc() {
		return JdbcClient.create(new DriverManagerDataSource(this.database.jdbcUrl(), this.database.username(),
				this.database.password()));
	}

	private Ended startInAnotherJvm(String... properties) throws Exception {
		return runInAnotherJvm(Stream
			.concat(Stream.of("spring.datasource.url=" + this.database.jdbcUrl(),
					"spring.datasource.username=" + this.database.username(),
					"spring.datasource.password=" + this.database.password()), Stream.of(properties))
			.toArray(String[]::new));
	}

	private Ended runInAnotherJvm(String... properties) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), ShopApplication.class.getName(), "--server.port=0"));
		Stream.of(properties).map("--"::concat).forEach(command::add);
		Path output = this.directory.resolve("output.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
			return new Ended(process.exitValue(), Files.readString(output));
		}
		finally {
			process.destroyForcibly();
		}
	}

	private ConfigurableApplicationContext start(String... properties) {
		Map<String, Object> defaults = new LinkedHashMap<>();
		defaults.put("spring.datasource.url", this.database.jdbcUrl());
		defaults.put("spring.datasource.username", this.database.username());
		defaults.put("spring.datasource.password", this.database.password());
		defaults.put("spring.datasource.hikari.maximum-pool-size", "4");
		SpringApplication application = new SpringApplication(ShopApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(defaults);
		String[] arguments = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			arguments[i] = "--" + properties[i];
		}
		return application.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

		public static void main(String[] arguments) {
			SpringApplication.run(ShopApplication.class, arguments);
		}

		@Bean
		ApplicationRunner runner() {
			System.out.println("The bean is made");
			return (arguments) -> System.out.println("The runner runs");
		}

	}

	/** How a process ended. */
	private record Ended(int exitCode, String output) {

	}

}
