package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.CoherentTier;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Values that change in an application, with Redis and without. */
@ExtendWith(OutputCaptureExtension.class)
class CoherentTiersIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Map<String, String> database = new ConcurrentHashMap<>();

	private static ApplicationContextRunner runner() {
		return Contexts.shop().withUserConfiguration(Words.class);
	}

	private static ApplicationContextRunner withRedis(DevRedis redis, String namespace) {
		return runner().withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"strates.cache.namespace=" + namespace, "strates.cache.redis.timeout=10s");
	}

	@SuppressWarnings("unchecked")
	private static CoherentCache<String, String> cache(ApplicationContext context) {
		return context.getBean("words", CoherentCache.class);
	}

	private static void awaitTrust(ApplicationContext context) {
		await().atMost(PATIENCE).until(() -> context.getBean(Tiers.class).channel().trusted());
	}

	/** A reader may meet the end of a write, or its message, and then keeps nothing. */
	private void awaitAnswerFromMemory(ApplicationContext context, String value) {
		await().atMost(PATIENCE).until(() -> read(context).equals(new CacheAnswer<>(value, Origin.L1)));
	}

	private CacheAnswer<String> read(ApplicationContext context) {
		return cache(context).lookUp("1", (keys) -> {
			Map<String, String> found = new HashMap<>(this.database);
			found.keySet().retainAll(keys);
			return found;
		});
	}

	private void write(ApplicationContext context, String value) {
		try (CacheWrite<String, String> write = cache(context).write(Set.of("1"), Set.of())) {
			write.awaitFences();
			this.database.put("1", value);
			write.committed(Map.of("1", value));
		}
	}

	@Test
	void writeOfOneNodeIsReadOnTheOther() {
		String namespace = UUID.randomUUID().toString();
		withRedis(DevRedis.shared(), namespace).run((here) -> withRedis(DevRedis.shared(), namespace).run((there) -> {
			awaitTrust(here);
			awaitTrust(there);
			write(here, "old");
			awaitAnswerFromMemory(there, "old");

			write(here, "new");

			assertThat(read(here).value()).isEqualTo("new");
			awaitAnswerFromMemory(there, "new");
			awaitAnswerFromMemory(here, "new");
			await().atMost(PATIENCE).until(() -> cache(there).coherence().invalidationsReceived() == 2);
		}));
	}

	@Test
	void applicationStartsWithoutRedisAndIsCoherentSoonAfterItComes() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			withRedis(redis, "late").run((context) -> {
				this.database.put("1", "one");
				assertThat(read(context)).isEqualTo(new CacheAnswer<>("one", Origin.L3));
				assertThat(context.getBean(Tiers.class).channel().trusted()).isFalse();

				redis.restart();

				awaitTrust(context);
				await().atMost(PATIENCE).until(() -> context.getBean(Tiers.class).answering());
			});
		}
	}

	@Test
	void applicationWithoutRedisSaysForHowLongItKeepsValuesAndWhatToDo(CapturedOutput output) {
		runner().run((context) -> assertThat(context.getBean(Tiers.class).channel().trusted()).isFalse());

		assertThat(output.getOut().lines().filter((line) -> line.contains("are relied on in memory for one second")))
			.singleElement()
			.asString()
			.contains("[words]", "spring.data.redis", "strates.cache.single-node=true");
	}

	@Test
	void applicationWithoutCachesOfValuesThatChangeSaysNothing(CapturedOutput output) {
		Contexts.shop().run((context) -> assertThat(context).hasNotFailed());

		assertThat(output).doesNotContain("are relied on in memory");
	}

	@Test
	void singleNodeReliesOnItsMemoryWithoutRedis(CapturedOutput output) {
		runner().withPropertyValues("strates.cache.single-node=true")
			.run((context) -> assertThat(context.getBean(Tiers.class).channel().trusted()).isTrue());

		assertThat(output).doesNotContain("are relied on in memory");
	}

	@Test
	void secondTierIsSwitchedOffByProperty() {
		withRedis(DevRedis.shared(), "off").withPropertyValues("strates.cache.redis.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(CoherentTier.class));
	}

	@Test
	void metersTellWhatTheCacheAndTheChannelDid() {
		withRedis(DevRedis.shared(), UUID.randomUUID().toString())
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							SimpleMetricsExportAutoConfiguration.class, StratesMetricsAutoConfiguration.class))
			.run((context) -> {
				awaitTrust(context);
				write(context, "one");
				awaitAnswerFromMemory(context, "one");

				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.get("strates.cache.writes").tag("cache", "words").functionCounter().count())
					.isEqualTo(1);
				assertThat(meters.get("strates.cache.requests")
					.tags("cache", "words", "tier", "l1", "result", "hit")
					.functionCounter()
					.count()).isPositive().isEqualTo(cache(context).statistics().localHits());
				await().atMost(PATIENCE).until(() -> meters.get("strates.channel.trusted").gauge().value() == 1);
				assertThat(meters.get("strates.channel.lag").timeGauge().value()).isPositive();
				assertThat(meters.get("strates.channel.breaker").tag("state", "closed").gauge().value()).isEqualTo(1);
				assertThat(meters.get("strates.cache.debts").gauge().value()).isZero();
				context.getBean(Tiers.class).coherent(Words.spec("later"));
				assertThat(meters.get("strates.cache.writes").tag("cache", "later").functionCounter().count()).isZero();
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Words {

		static CoherentCacheSpec<String, String> spec(String name) {
			return CoherentCacheSpec.of(name, (key) -> key, JacksonCodecs.json().codec(String.class),
					CacheSettings.DEFAULT);
		}

		@Bean
		CoherentCache<String, String> words(Tiers tiers) {
			return tiers.coherent(spec("words"));
		}

	}

}
