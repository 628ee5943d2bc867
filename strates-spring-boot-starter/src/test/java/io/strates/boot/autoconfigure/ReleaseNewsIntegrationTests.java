package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.strates.boot.shop.Product;
import io.strates.boot.shop.Shops;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.release.ReleaseChannel;
import io.strates.release.StrateReleased;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How the nodes of an application learn of each other's releases. */
@ExtendWith(OutputCaptureExtension.class)
class ReleaseNewsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private DevDatabase database;

	@BeforeEach
	void createDatabase() {
		this.database = DevPostgres.newDatabase();
	}

	@Test
	void redisTellsTheOtherNodeLongBeforeItPolls() {
		DevRedis redis = DevRedis.shared();
		String[] properties = { "spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
				"strates.release.poll-interval=1h", "strates.release.redis.channel=" + this.database.jdbcUrl() };
		try (ConfigurableApplicationContext one = start(properties);
				ConfigurableApplicationContext two = start(properties)) {
			assertThat(two.getBeansOfType(ReleaseChannel.class)).hasSize(1);

			// the first news may come before the other node has subscribed, which is news
			// too
			Shops.release(one, "berlin", 1, 10);
			await().atMost(PATIENCE).until(() -> told(two).equals(List.of(1L)));
			Shops.release(one, "berlin", 2, 10);

			await().atMost(PATIENCE).until(() -> told(two).equals(List.of(1L, 2L)));
			assertThat(told(one)).containsExactly(1L, 2L);
		}
	}

	@Test
	void applicationStartsAndLearnsOfReleasesWithRedisDown(CapturedOutput output) {
		// Nobody listens on a port like this, nor gets it for a connection of its own.
		String[] properties = { "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=1",
				"strates.release.poll-interval=100ms" };
		try (ConfigurableApplicationContext one = start(properties);
				ConfigurableApplicationContext two = start(properties)) {
			Shops.release(one, "berlin", 1, 10);

			await().atMost(PATIENCE).until(() -> told(two).equals(List.of(1L)));
			await().atMost(PATIENCE).until(() -> output.getOut().contains("Redis cannot be subscribed to"));
		}
	}

	@Test
	void pollingAloneIsEnoughAndSaidOnce(CapturedOutput output) {
		String[] properties = { "strates.release.redis.enabled=false", "strates.release.poll-interval=100ms" };
		try (ConfigurableApplicationContext one = start(properties);
				ConfigurableApplicationContext two = start(properties)) {
			Shops.release(one, "berlin", 1, 10);

			await().atMost(PATIENCE).until(() -> told(two).equals(List.of(1L)));
			assertThat(one.getBeansOfType(ReleaseChannel.class)).isEmpty();
			assertThat(output.getOut().split("are found by polling every 100 ms", -1)).hasSize(3);
		}
	}

	private static List<Long> told(ConfigurableApplicationContext node) {
		return node.getBean(ShopApplication.class).told;
	}

	private ConfigurableApplicationContext start(String... properties) {
		Map<String, Object> defaults = new LinkedHashMap<>();
		defaults.put("spring.datasource.url", this.database.jdbcUrl());
		defaults.put("spring.datasource.username", this.database.username());
		defaults.put("spring.datasource.password", this.database.password());
		defaults.put("spring.datasource.hikari.maximum-pool-size", "4");
		defaults.put("spring.jpa.hibernate.ddl-auto", "update");
		defaults.put("strates.schema.initialize", "always");
		for (String property : properties) {
			defaults.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		SpringApplication application = new SpringApplication(ShopApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(defaults);
		return application.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

		private final List<Long> told = new CopyOnWriteArrayList<>();

		@EventListener
		void on(StrateReleased event) {
			this.told.add(event.release().number());
		}

	}

}
