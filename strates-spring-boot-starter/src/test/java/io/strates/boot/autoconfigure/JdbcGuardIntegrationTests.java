package io.strates.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.Shops;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.gc.GarbageCollector;
import io.strates.query.Difference;
import io.strates.query.PinRequest;
import io.strates.query.QueryService;
import io.strates.query.UnpinnedStatementException;
import io.strates.release.Release;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What {@code strates.query.guard-jdbc} refuses, and what it leaves alone. */
class JdbcGuardIntegrationTests {

	private static final String GUARDED = "strates.query.guard-jdbc=true";

	private static final String COUNT = "select count(*) from product";

	@Test
	void plainJdbcReadsTheRowsOfAllBuildsUnlessItIsGuarded() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			Shops.release(context, "berlin", 4, 10);

			assertThat(context.getBean(JdbcTemplate.class).queryForObject(COUNT, Long.class)).isEqualTo(7);
		});
	}

	@Test
	void plainJdbcWithoutBuildIsRefusedInsideATransactionAndOutside() {
		Contexts.shop().withPropertyValues(GUARDED).run((context) -> {
			UUID build = Shops.release(context, "berlin", 3, 10).buildStrate();
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));

			assertThatExceptionOfType(UnpinnedStatementException.class)
				.isThrownBy(() -> jdbc.queryForObject(COUNT, Long.class));
			assertThatExceptionOfType(UnpinnedStatementException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> jdbc.queryForObject(COUNT, Long.class)));
			assertThat(jdbc.queryForObject(COUNT + " where build_strate = ?", Long.class, build)).isEqualTo(3);
			assertThat(jdbc.queryForObject("select count(*) from note", Long.class)).isZero();
		});
	}

	@Test
	void poolIsSeenAndClosedAsEver() {
		HikariDataSource[] pool = new HikariDataSource[1];

		Contexts.shop().withPropertyValues(GUARDED, "spring.datasource.hikari.maximum-pool-size=2").run((context) -> {
			assertThat(context.getBean(BranchExecutor.class).parallelism()).isOne();
			pool[0] = context.getBean(DataSource.class).unwrap(HikariDataSource.class);
		});

		assertThat(pool[0].isClosed()).isTrue();
	}

	@Test
	void statementsOfTheLibraryOfHibernateAndOfFlywayPass(@TempDir Path directory) throws Exception {
		Files.writeString(directory.resolve("V1__marker.sql"), "create table marker (id bigint)");
		DevDatabase database = DevPostgres.newDatabase();
		SpringApplication application = new SpringApplication(ShopApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);

		try (ConfigurableApplicationContext context = application.run("--" + GUARDED,
				"--spring.datasource.url=" + database.jdbcUrl(), "--spring.datasource.username=" + database.username(),
				"--spring.datasource.password=" + database.password(), "--spring.flyway.enabled=true",
				"--spring.flyway.locations=filesystem:" + directory, "--spring.jpa.hibernate.ddl-auto=update",
				"--strates.schema.initialize=always", "--strates.gc.keep-releases=1")) {
			Release first = Shops.release(context, "berlin", 3, 10);
			Shops.release(context, "berlin", 3, 20);
			try (Stream<Difference> differences = context.getBean(QueryService.class)
				.difference(Product.class, PinRequest.release("shop", "berlin", first.number()),
						PinRequest.release("shop", "berlin", 2))) {
				assertThat(differences).hasSize(3);
			}
			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
			assertThat(context.getBean(GarbageCollector.class).collect().orElseThrow().removedBuilds()).isOne();
			assertThat(context.getBean(MeterRegistry.class).find("hikaricp.connections.max").gauge()).isNotNull();
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void hibernateDropsItsTablesAtTheEnd(CapturedOutput output) {
		String url = Contexts.h2Url();

		Contexts.shop()
			.withPropertyValues(GUARDED, "spring.datasource.url=" + url, "spring.jpa.hibernate.ddl-auto=create-drop")
			.run((context) -> Shops.release(context, "berlin", 3, 10));

		assertThat(new JdbcTemplate(new DriverManagerDataSource(url, "sa", "")).queryForList(
				"select table_name from information_schema.tables where table_name in ('PRODUCT', 'NOTE')",
				String.class))
			.isEmpty();
		assertThat(output).doesNotContain("WARN");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
