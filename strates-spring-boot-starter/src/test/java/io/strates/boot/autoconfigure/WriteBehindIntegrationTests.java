package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.strates.boot.actuate.StratesTiersDescriptor.DeadWriteDescriptor;
import io.strates.boot.actuate.StratesTiersEndpoint;
import io.strates.boot.parcels.Parcel;
import io.strates.boot.stored.Memo;
import io.strates.dev.DevRedis;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Writes behind through a journal in Redis. */
@ExtendWith(OutputCaptureExtension.class)
class WriteBehindIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static ApplicationContextRunner runner(String... properties) {
		return runner(DevRedis.shared(), properties);
	}

	private static ApplicationContextRunner runner(DevRedis redis, String... properties) {
		return Contexts.bare()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
					StratesTiersEndpointAutoConfiguration.class))
			.withUserConfiguration(Memos.class)
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"strates.cache.namespace=" + UUID.randomUUID(), "strates.cache.redis.timeout=5s",
					"management.endpoints.web.exposure.include=stratestiers",
					"strates.store.types.memo.write-mode=write-behind", "strates.store.write-behind.durable=true")
			.withPropertyValues(properties);
	}

	@SuppressWarnings("unchecked")
	private static TieredStore<Memo, String> store(ApplicationContext context) {
		return (TieredStore<Memo, String>) context
			.getBeanProvider(ResolvableType.forClassWithGenerics(TieredStore.class, Memo.class, String.class))
			.getObject();
	}

	private static long rows(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForList("select id from memo").size();
	}

	@Test
	void acknowledgedWriteIsInTheDatabaseSoon() {
		runner().run((context) -> {
			store(context).put(new Memo("a", "soon"));

			assertThat(store(context).get("a").getText()).isEqualTo("soon");
			await().atMost(PATIENCE).until(() -> rows(context) == 1);
		});
	}

	@Test
	void queuedWritesAreInTheDatabaseWhenTheApplicationHasStopped() {
		String url = Contexts.h2();
		String[] properties = { url, "spring.jpa.hibernate.ddl-auto=update",
				"strates.store.write-behind.interval=10m" };
		runner(properties).run((context) -> {
			store(context).put(new Memo("a", "last"));
			assertThat(rows(context)).isZero();
			assertThat(context.getBean(StratesTiersEndpoint.class).cache("memo").writes().queued())
				.containsExactly("a");
		});

		runner(properties).run((context) -> assertThat(rows(context)).isOne());
	}

	@Test
	void deadWriteIsShownAndRetriedWhenTheDatabaseTakesIt() {
		runner("strates.store.write-behind.interval=50ms", "strates.store.write-behind.max-attempts=1")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				jdbc.execute("alter table memo add constraint short check (length(text) < 5)");
				StratesTiersEndpoint endpoint = context.getBean(StratesTiersEndpoint.class);
				store(context).put(new Memo("a", "too long"));

				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(endpoint.cache("memo").writes().dead()).singleElement()
						.extracting(DeadWriteDescriptor::id)
						.isEqualTo("a"));
				assertThat(endpoint.tiers().stores().get("memo").deadWrites()).isOne();
				jdbc.execute("alter table memo drop constraint short");
				assertThat(endpoint.settle("memo", "retry", "a").action()).isEqualTo("retry");

				await().atMost(PATIENCE).until(() -> rows(context) == 1);
				assertThat(endpoint.cache("memo").writes().dead()).isEmpty();
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.settle("memo", "drop", "a"))
					.withMessageContaining("has no dead write of 'a'");
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.settle("memo", "sell", "a"))
					.withMessageContaining("Action 'sell' does not exist");
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.settle("memo.searches", "drop", "a"))
					.withMessageContaining("queues no writes");
			});
	}

	@Test
	void startWaitsForARedisThatTakesItsTimeAndWarnsOfNothing(CapturedOutput output) {
		ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.suspend();
			later.schedule(redis::resume, 2, TimeUnit.SECONDS);

			runner(redis).run((context) -> {
				store(context).put(new Memo("a", "soon"));
				await().atMost(PATIENCE).until(() -> rows(context) == 1);
			});
		}
		finally {
			later.shutdownNow();
		}

		assertThat(output.getOut().lines().filter((line) -> line.contains(" WARN ") && line.contains("strates")))
			.isEmpty();
	}

	@Test
	void startWaitsOnceForARedisThatHangsAndWarnsOnce(CapturedOutput output) {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.suspend();
			runner(redis, "strates.cache.redis.timeout=250ms", "strates.store.write-behind.close-limit=100ms",
					"strates.store.types.parcel.write-mode=write-behind")
				.withUserConfiguration(Parcels.class)
				.run((context) -> {
					assertThat(context.getBean(TieredStores.class).all()).hasSize(2);
					redis.resume();
				});
		}

		assertThat(output.getOut().lines().filter((line) -> line.contains("Redis does not answer within")))
			.singleElement()
			.asString()
			.contains(" WARN ",
					"Redis does not answer within 5000 ms; writes that need its journal are refused until it does");
	}

	@Test
	void startWithoutRedisWarnsInOneSentenceOfEach(CapturedOutput output) {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			runner(redis, "strates.store.write-behind.close-limit=100ms").run((context) -> {
				await().atMost(PATIENCE).until(() -> output.getOut().contains("Queued writes of store 'memo'"));
				redis.restart();
				await().atMost(PATIENCE).untilAsserted(() -> {
					store(context).put(new Memo("a", "late"));
					assertThat(rows(context)).isOne();
				});
			});
		}

		assertThat(output.getOut().lines().filter((line) -> line.contains(" WARN ") && line.contains("writes")))
			.satisfiesExactlyInAnyOrder(
					(line) -> assertThat(line).contains(
							"Redis cannot be reached; writes that need its journal are" + " refused until it can"),
					(line) -> assertThat(line)
						.contains("Queued writes of store 'memo' cannot be flushed until their journal answers"));
		assertThat(output.getOut().lines().filter((line) -> line.startsWith("\tat "))).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Parcel.class)
	static class Parcels {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class Memos {

	}

}
