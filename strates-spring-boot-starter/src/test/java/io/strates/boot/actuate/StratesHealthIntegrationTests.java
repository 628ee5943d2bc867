package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.strates.boot.shop.Product;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Health while servers are there, and while they are away. */
class StratesHealthIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Test
	void upWithTheDatabaseAndDownWithoutIt() {
		try (DevPostgres postgres = DevPostgres.start();
				ConfigurableApplicationContext context = start(
						new DevDatabase(postgres.jdbcUrl(), postgres.username(), postgres.password()),
						"strates.release.redis.enabled=false", "strates.cache.redis.enabled=false")) {
			Instant before = Instant.now();

			Health there = health(context);
			postgres.close();
			Health away = health(context);

			assertThat(there.getStatus()).isEqualTo(Status.UP);
			assertThat(there.getDetails()).containsEntry("released", 0L)
				.containsEntry("announcements", "off; releases of other nodes are found by polling every 2000 ms")
				.containsEntry("l2", "off")
				.containsEntry("channel", "off; values that change are relied on in memory for a second");
			assertThat(Instant.parse((String) there.getDetails().get("lastLook"))).isBetween(before.minusSeconds(60),
					Instant.now());
			assertThat(away.getStatus()).isEqualTo(Status.DOWN);
			assertThat(away.getDetails()).containsKeys("error", "announcements", "garbageCollection");
		}
	}

	@Test
	void upWhateverRedisDoesWhichShowsInTheDetails() {
		try (DevRedis redis = DevRedis.start()) {
			redis.stop();
			try (ConfigurableApplicationContext context = start(DevPostgres.newDatabase(),
					"spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port())) {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(announcements(context))
					.isEqualTo("not received; releases of other nodes are found by polling every 2000 ms");
				assertThat(health(context).getDetails())
					.containsEntry("l2", "does not answer; values are read from the database")
					.containsEntry("channel", "not heard; values that change are relied on in memory for a second");

				redis.restart();

				await().atMost(PATIENCE).until(() -> announcements(context).equals("received"));
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("l2", "answers")
						.containsEntry("channel", "heard"));
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			}
		}
	}

	private static Health health(ConfigurableApplicationContext context) {
		return context.getBean(StratesHealthIndicator.class).health();
	}

	private static String announcements(ConfigurableApplicationContext context) {
		return (String) health(context).getDetails().get("announcements");
	}

	private static ConfigurableApplicationContext start(DevDatabase database, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + database.jdbcUrl(),
				"--spring.datasource.username=" + database.username(),
				"--spring.datasource.password=" + database.password(),
				"--spring.datasource.hikari.connection-timeout=5000", "--spring.jpa.hibernate.ddl-auto=update",
				"--strates.schema.initialize=always"));
		Stream.of(properties).map("--"::concat).forEach(arguments::add);
		SpringApplication application = new SpringApplication(ShopApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

	}

}
