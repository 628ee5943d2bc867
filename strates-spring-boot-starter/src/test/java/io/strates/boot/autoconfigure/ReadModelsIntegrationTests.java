package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.boot.actuate.StratesDescriptor;
import io.strates.boot.actuate.StratesEndpoint;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.cache.CacheStatistics;
import io.strates.cache.CodecFactory;
import io.strates.cache.RemoteTier;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.dev.DevRedis;
import io.strates.gc.GarbageCollector;
import io.strates.query.QueryService;
import io.strates.query.ReadModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Read models of an application, with Redis and without. */
class ReadModelsIntegrationTests {

	private static ApplicationContextRunner runner() {
		return Contexts.shop().withUserConfiguration(Views.class, Loads.class);
	}

	private static ApplicationContextRunner withRedis(DevRedis redis, String namespace) {
		return runner().withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"strates.cache.namespace=" + namespace, "strates.cache.redis.timeout=10s");
	}

	private static String name(ApplicationContext context, long id) {
		View view = context.getBean(QueryService.class).pinned(Shops.SCOPE, "berlin").get(View.class, id);
		return (view != null) ? view.name() : "nothing";
	}

	private static CacheStatistics statistics(ApplicationContext context) {
		return context.getBean(Tiers.class).statistics().get(0);
	}

	@Test
	void readModelIsLoadedOnceFromTheRepository() {
		runner().run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			String first = name(context, 1);
			String second = name(context, 1);

			assertThat(first).isEqualTo(second).isNotEqualTo("nothing");
			assertThat(context.getBean(AtomicInteger.class)).hasValue(1);
			assertThat(name(context, 99)).isEqualTo("nothing");
		});
	}

	@Test
	void metersTellWhatTheCacheDid() {
		runner()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							SimpleMetricsExportAutoConfiguration.class, StratesMetricsAutoConfiguration.class))
			.run((context) -> {
				Shops.release(context, "berlin", 3, 10);
				name(context, 1);
				name(context, 1);
				name(context, 2);

				MeterRegistry meters = context.getBean(MeterRegistry.class);
				String cache = View.class.getName();
				assertThat(meters.get("strates.cache.requests")
					.tags("cache", cache, "tier", "l1", "result", "hit")
					.functionCounter()
					.count()).isEqualTo(1);
				assertThat(meters.get("strates.cache.requests")
					.tags("cache", cache, "tier", "l1", "result", "miss")
					.functionCounter()
					.count()).isEqualTo(2);
				assertThat(meters.get("strates.cache.load").tag("cache", cache).functionTimer().count()).isEqualTo(2);
				assertThat(meters.get("strates.cache.size").tag("cache", cache).gauge().value()).isEqualTo(2);
			});
	}

	@Test
	void endpointTellsWhatTheCacheDid() {
		runner().withConfiguration(AutoConfigurations.of(StratesEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=strates")
			.run((context) -> {
				Shops.release(context, "berlin", 3, 10);
				name(context, 1);
				name(context, 1);

				StratesDescriptor.CacheDescriptor cache = context.getBean(StratesEndpoint.class)
					.strates()
					.caches()
					.get(View.class.getName());

				assertThat(cache.l1()).isEqualTo(new StratesDescriptor.TierDescriptor(1, 1, 0.5));
				assertThat(cache.l2()).isEqualTo(new StratesDescriptor.TierDescriptor(0, 0, null));
				assertThat(cache.loads()).isEqualTo(1);
				assertThat(cache.size()).isEqualTo(1);
			});
	}

	@Test
	void readModelsWorkInALazyApplication() {
		runner().withPropertyValues("spring.main.lazy-initialization=true")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				Shops.release(context, "berlin", 3, 10);

				assertThat(name(context, 1)).isNotEqualTo("nothing");
			});
	}

	@Test
	void valueIsInRedisAndGoesWithItsBuild() {
		DevRedis redis = DevRedis.shared();
		String namespace = UUID.randomUUID().toString();
		withRedis(redis, namespace).withPropertyValues("strates.cache.codec=json", "strates.gc.keep-releases=1")
			.run((context) -> {
				await().atMost(Duration.ofSeconds(30))
					.ignoreExceptions()
					.until(() -> context.getBean(RemoteTier.class).fetch(List.of("?")).size() == 1);
				UUID first = Shops.release(context, "berlin", 3, 10).buildStrate();
				name(context, 1);
				try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
						StatefulRedisConnection<String, String> seen = client.connect()) {
					await().atMost(Duration.ofSeconds(30))
						.until(() -> seen.sync().keys(namespace + ":i:*").size() == 1);
					String key = seen.sync().keys(namespace + ":i:*").get(0);
					assertThat(key).contains(":" + first + ":1");
					assertThat(seen.sync().get(key)).contains("\"id\":1");
					Shops.release(context, "berlin", 3, 20);
					name(context, 2);
					await().atMost(Duration.ofSeconds(30))
						.until(() -> seen.sync().keys(namespace + ":i:*").size() == 2);

					context.getBean(GarbageCollector.class).collect();

					assertThat(seen.sync().keys(namespace + ":i:*")).hasSize(1).doesNotContain(key);
				}
			});
	}

	@Test
	void applicationStartsAndReadsWhileRedisIsAway() {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.stop();
			withRedis(redis, "away").run((context) -> {
				Shops.release(context, "berlin", 3, 10);

				assertThat(name(context, 1)).isNotEqualTo("nothing");
				assertThat(statistics(context).remoteHits()).isZero();
			});
		}
	}

	@Test
	void applicationsOwnTierAndCodecsAreUsedInstead() {
		withRedis(DevRedis.shared(), "own").withUserConfiguration(OwnTier.class).run((context) -> {
			assertThat(context).hasSingleBean(RemoteTier.class).hasSingleBean(CodecFactory.class);
			Shops.release(context, "berlin", 3, 10);

			name(context, 1);

			assertThat(context.getBean(OwnTier.class).stored).hasValue(1);
		});
	}

	@Test
	void secondTierIsSwitchedOffByProperty() {
		withRedis(DevRedis.shared(), "off").withPropertyValues("strates.cache.redis.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RemoteTier.class));
	}

	@Test
	void secondTierNeedsLettuce() {
		withRedis(DevRedis.shared(), "none").withPropertyValues("spring.data.redis.client-type=jedis")
			.withClassLoader(new FilteredClassLoader("io.lettuce.core"))
			.run((context) -> assertThat(context).doesNotHaveBean(RemoteTier.class));
	}

	@Test
	void readModelWhoseValuesCanChangeStopsTheStart() {
		Contexts.shop()
			.withUserConfiguration(Mutable.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(StratesStartException.class)
				.hasMessageContaining("cannot share Product of type " + Product.class.getName())
				.hasMessageContaining("use a record"));
	}

	record View(long id, String name) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Loads {

		@Bean
		AtomicInteger loads() {
			return new AtomicInteger();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Views {

		@Bean
		ReadModel<Long, View> views(ProductRepository products, AtomicInteger loads) {
			return ReadModel.of(View.class, Long.class, Shops.SCOPE, (pin, ids) -> load(products, ids, loads));
		}

		private static Map<Long, View> load(ProductRepository products, Set<Long> ids, AtomicInteger loads) {
			loads.incrementAndGet();
			return products.findAllById(ids)
				.stream()
				.collect(Collectors.toMap(Product::getId,
						(product) -> new View(product.getId(), "product " + product.getId())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTier {

		private final AtomicInteger stored = new AtomicInteger();

		@Bean
		CodecFactory codecs() {
			return JacksonCodecs.json();
		}

		@Bean
		RemoteTier remoteTier() {
			return new RemoteTier() {
				@Override
				public List<byte @Nullable []> fetch(List<String> keys) {
					return Collections.nCopies(keys.size(), null);
				}

				@Override
				public void store(Map<String, byte[]> values, Duration timeToLive) {
					OwnTier.this.stored.addAndGet(values.size());
				}

				@Override
				public long removeAll(Collection<String> prefixes) {
					return 0;
				}

				@Override
				public void close() {
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mutable {

		@Bean
		ReadModel<Long, Product> products() {
			return ReadModel.of(Product.class, Long.class, Shops.SCOPE, (pin, ids) -> Map.of());
		}

	}

}
