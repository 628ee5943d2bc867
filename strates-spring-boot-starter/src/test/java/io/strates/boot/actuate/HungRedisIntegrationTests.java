package io.strates.boot.actuate;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.parcels.Parcel;
import io.strates.cache.Tiers;
import io.strates.dev.DevRedis;
import io.strates.store.TieredStore;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application whose Redis keeps its connections and answers nothing goes on: cached
 * methods and stores read and write, and nobody waits longer than the time limits say.
 */
class HungRedisIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * A few commands of 250 ms each, on a machine that is busy. The client's own limit is
	 * a minute.
	 */
	private static final Duration BOUND = Duration.ofSeconds(10);

	@Test
	void methodsAndStoresGoOnWithinTheirTimeLimits() {
		try (DevRedis redis = DevRedis.startEmbedded(); ConfigurableApplicationContext context = start(redis)) {
			Prices prices = context.getBean(Prices.class);
			Desk desk = context.getBean(Desk.class);
			Tiers tiers = context.getBean(Tiers.class);
			await().atMost(PATIENCE).until(() -> tiers.channel().trusted());
			prices.of("before");
			desk.parcels.put(new Parcel(1L, "before"));

			redis.suspend();

			assertThat(bounded(() -> prices.of("before"))).isEqualTo("price of before");
			assertThat(bounded(() -> prices.of("during"))).isEqualTo("price of during");
			bounded(() -> desk.parcels.get(1L));
			bounded(() -> {
				prices.forget("during");
				desk.parcels.put(new Parcel(1L, "during"));
				return desk;
			});
			int calls = prices.calls();
			assertThat(bounded(() -> prices.of("during"))).isEqualTo("price of during");
			assertThat(prices.calls()).isEqualTo(calls + 1);
			assertThat(bounded(() -> desk.parcels.get(1L)).getTown()).isEqualTo("during");
			assertThat(bounded(() -> desk.parcels.find(2L))).isEmpty();
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select town from parcel", String.class))
				.isEqualTo("during");

			await().atMost(PATIENCE).until(() -> breaker(context, "open") == 1);
			Health health = bounded(() -> context.getBean(StratesHealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("l2", "does not answer; values are read from the database");
			StratesTiersDescriptor.ChannelDescriptor channel = bounded(
					() -> context.getBean(StratesTiersEndpoint.class).tiers())
				.channel();
			assertThat(channel.answering()).isFalse();
			assertThat(channel.breaker()).isEqualTo("OPEN");

			redis.resume();

			await().atMost(PATIENCE).until(() -> tiers.answering() && tiers.debts() == 0);
			await().atMost(PATIENCE).until(() -> breaker(context, "closed") == 1);
			assertThat(desk.parcels.get(1L).getTown()).isEqualTo("during");
		}
	}

	private static <T> T bounded(Supplier<T> work) {
		long start = System.nanoTime();
		T result = work.get();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
		return result;
	}

	private static double breaker(ConfigurableApplicationContext context, String state) {
		return context.getBean(MeterRegistry.class).get("strates.channel.breaker").tag("state", state).gauge().value();
	}

	private static ConfigurableApplicationContext start(DevRedis redis) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				"--spring.data.redis.host=" + redis.host(), "--spring.data.redis.port=" + redis.port(),
				"--management.endpoints.jmx.exposure.include=stratestiers", "--spring.jmx.enabled=true");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching(proxyTargetClass = true)
	@AutoConfigurationPackage(basePackageClasses = Parcel.class)
	static class Application {

		@Bean
		Prices prices() {
			return new Prices();
		}

		@Bean
		Desk desk(TieredStore<Parcel, Long> parcels) {
			return new Desk(parcels);
		}

	}

	record Desk(TieredStore<Parcel, Long> parcels) {
	}

	public static class Prices {

		private final AtomicInteger calls = new AtomicInteger();

		@Cacheable("prices")
		public String of(String currency) {
			this.calls.incrementAndGet();
			return "price of " + currency;
		}

		@CacheEvict("prices")
		public void forget(String currency) {
		}

		public int calls() {
			return this.calls.get();
		}

	}

}
