package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.actuate.StratesTiersEndpoint;
import io.strates.boot.stored.Memo;
import io.strates.cache.Tiers;
import io.strates.dev.DevRedis;
import io.strates.store.TieredStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What operators see of a store whose tiers and database come and go. */
@ExtendWith(OutputCaptureExtension.class)
class StoreMetersIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String BEHIND = "strates.store.types.memo.write-mode=write-behind";

	private static final String SLOWLY = "strates.store.write-behind.interval=10m";

	private final String namespace = UUID.randomUUID().toString();

	private final String url = Contexts.h2();

	private ApplicationContextRunner memory(String... properties) {
		return Contexts.bare()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
					StratesMetricsAutoConfiguration.class, StratesTiersEndpointAutoConfiguration.class))
			.withUserConfiguration(Memos.class)
			.withPropertyValues(this.url, "spring.jpa.hibernate.ddl-auto=update",
					"management.endpoints.web.exposure.include=stratestiers")
			.withPropertyValues(properties);
	}

	private ApplicationContextRunner redis(DevRedis redis, String... properties) {
		return memory(properties).withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"strates.cache.namespace=" + this.namespace, "strates.cache.redis.timeout=5s");
	}

	@SuppressWarnings("unchecked")
	private static TieredStore<Memo, String> store(ApplicationContext context) {
		return (TieredStore<Memo, String>) context
			.getBeanProvider(ResolvableType.forClassWithGenerics(TieredStore.class, Memo.class, String.class))
			.getObject();
	}

	private static double gauge(ApplicationContext context, String name, String... tags) {
		return context.getBean(MeterRegistry.class).get(name).tags(tags).gauge().value();
	}

	private static double requests(ApplicationContext context, String tier, String result) {
		return context.getBean(MeterRegistry.class)
			.get("strates.cache.requests")
			.tags("cache", "memo", "tier", tier, "result", result)
			.functionCounter()
			.count();
	}

	private static void endDatabase(ApplicationContext context) throws Exception {
		context.getBean(DataSource.class).unwrap(HikariDataSource.class).close();
	}

	@Test
	void queuedWritesAreCountedUntilTheyAreFlushed() {
		memory(BEHIND, SLOWLY).run((context) -> {
			for (int id = 0; id < 5; id++) {
				store(context).put(new Memo("m" + id, "first"));
				store(context).put(new Memo("m" + id, "second"));
			}
			assertThat(gauge(context, "strates.store.queued", "store", "memo")).isEqualTo(5);

			store(context).flush();

			assertThat(gauge(context, "strates.store.queued", "store", "memo")).isZero();
		});
	}

	@Test
	void deadWriteThatIsDroppedIsGone() {
		memory(BEHIND, "strates.store.write-behind.interval=50ms", "strates.store.write-behind.max-attempts=1")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				jdbc.execute("alter table memo add constraint short check (length(text) < 5)");
				store(context).put(new Memo("a/b", "too long"));
				await().atMost(PATIENCE).until(() -> gauge(context, "strates.store.dead", "store", "memo") == 1);
				StratesTiersEndpoint endpoint = context.getBean(StratesTiersEndpoint.class);

				assertThat(endpoint.settle("memo", "drop", "a", "b").action()).isEqualTo("drop");

				assertThat(endpoint.cache("memo").writes().dead()).isEmpty();
				assertThat(gauge(context, "strates.store.dead", "store", "memo")).isZero();
				jdbc.execute("alter table memo drop constraint short");
				store(context).flush();
				assertThat(jdbc.queryForList("select id from memo")).isEmpty();
				assertThat(store(context).find("a/b")).isEmpty();
			});
	}

	@Test
	void writeModeForAllTypesStopsTheStart() {
		memory("strates.store.defaults.write-mode=write-behind").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("strates.store.defaults.write-mode")
			.hasMessageContaining("strates.store.types.<name>.write-mode"));
	}

	@Test
	void writesInMemoryThatAStopLosesAreNamed(CapturedOutput output) {
		memory(BEHIND, SLOWLY).run((context) -> {
			store(context).put(new Memo("lost-1", "late"));
			store(context).put(new Memo("lost-2", "late"));
			endDatabase(context);
		});

		assertThat(output.toString().lines().filter((line) -> line.contains("these writes are lost"))).singleElement()
			.asString()
			.contains("'memo'", "lost-1", "lost-2");
	}

	@Test
	void readsOfTheSecondTierAreCountedAsItsOwn() {
		redis(DevRedis.shared()).run((writer) -> {
			await().atMost(PATIENCE).until(() -> writer.getBean(Tiers.class).channel().trusted());
			store(writer).put(new Memo("a", "shared"));
			StratesTiersEndpoint endpoint = writer.getBean(StratesTiersEndpoint.class);
			await().atMost(PATIENCE).until(() -> endpoint.explain("memo", "a").remote().toString().equals("PRESENT"));
			redis(DevRedis.shared()).run((reader) -> {
				await().atMost(PATIENCE).until(() -> reader.getBean(Tiers.class).channel().trusted());
				store(reader).get("a");
				assertThat(store(reader).find("nobody")).isEmpty();
				store(reader).get("a");

				assertThat(requests(reader, "l2", "hit")).isEqualTo(1);
				assertThat(requests(reader, "l2", "miss")).isEqualTo(1);
				assertThat(requests(reader, "l1", "miss")).isEqualTo(2);
				assertThat(requests(reader, "l1", "hit")).isEqualTo(1);
			});
		});
	}

	@Test
	void breakerIsOpenWhileRedisIsStopped() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis(redis).run((context) -> {
				StratesTiersEndpoint endpoint = context.getBean(StratesTiersEndpoint.class);
				await().atMost(PATIENCE).until(() -> gauge(context, "strates.channel.trusted") == 1);
				assertThat(gauge(context, "strates.channel.breaker", "state", "closed")).isEqualTo(1);

				redis.stop();

				await().atMost(PATIENCE).until(() -> gauge(context, "strates.channel.breaker", "state", "open") == 1);
				assertThat(gauge(context, "strates.channel.breaker", "state", "closed")).isZero();
				assertThat(endpoint.tiers().channel().answering()).isFalse();
				assertThat(endpoint.tiers().channel().breaker()).isEqualTo("OPEN");

				redis.restart();

				await().atMost(PATIENCE).until(() -> gauge(context, "strates.channel.breaker", "state", "closed") == 1);
				await().atMost(PATIENCE).until(() -> endpoint.tiers().channel().answering());
			});
		}
	}

	@Test
	void messageThatIsMissingIsCountedAsAGap() {
		redis(DevRedis.shared()).run((context) -> {
			await().atMost(PATIENCE).until(() -> context.getBean(Tiers.class).channel().trusted());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);

			for (int sequence : new int[] { 7, 8, 10 }) {
				redis.convertAndSend(this.namespace + ":changes",
						"1 INVALIDATED other " + sequence + " elsewhere 0\n1:k");
			}

			await().atMost(PATIENCE).until(() -> meters.get("strates.channel.messages").functionCounter().count() == 3);
			await().atMost(PATIENCE).until(() -> meters.get("strates.channel.gaps").functionCounter().count() == 1);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class Memos {

	}

}
