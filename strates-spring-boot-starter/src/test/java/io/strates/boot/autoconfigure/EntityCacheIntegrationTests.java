package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.cache.CacheStatistics;
import io.strates.cache.RemoteTier;
import io.strates.cache.Tiers;
import io.strates.dev.DevRedis;
import io.strates.gc.GarbageCollector;
import io.strates.query.Pinned;
import io.strates.query.QueryService;
import io.strates.query.hibernate.RepositoryCache;
import io.strates.query.hibernate.RepositoryCacheSettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Entities that repositories of an application find by id. */
class EntityCacheIntegrationTests {

	private static ApplicationContextRunner runner() {
		return Contexts.shop();
	}

	private static Product find(ApplicationContext context, long id) {
		ProductRepository products = context.getBean(ProductRepository.class);
		return context.getBean(QueryService.class)
			.pinned(Shops.SCOPE, "berlin", () -> products.findById(id))
			.orElseThrow();
	}

	private static List<CacheStatistics> statistics(ApplicationContext context) {
		return context.getBean(Tiers.class).statistics();
	}

	private static CacheStatistics products(ApplicationContext context) {
		return context.getBean(Tiers.class).statistics(Product.class.getName());
	}

	@Test
	void entityIsReadOnce() {
		runner().run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			Product first = find(context, 1);
			Product second = find(context, 1);

			assertThat(second).isNotSameAs(first);
			assertThat(second.getId()).isEqualTo(1L);
			assertThat(products(context).loads()).isEqualTo(1);
			assertThat(products(context).localHits()).isEqualTo(1);
		});
	}

	@Test
	void transactionReadsTheDatabase() {
		runner().run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			find(context, 1);

			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> find(context, 1));

			assertThat(products(context).localHits()).isZero();
		});
	}

	@Test
	void repositoryThatPinsItselfIsAnswered() {
		runner().withUserConfiguration(PinnedRepositories.class).run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			BerlinProducts products = context.getBean(BerlinProducts.class);

			assertThat(products.findById(1L)).isPresent();
			assertThat(products.findById(1L)).isPresent();

			assertThat(products(context).localHits()).isEqualTo(1);
		});
	}

	@Test
	void cacheIsSwitchedOffByProperty() {
		runner().withPropertyValues("strates.query.entity-cache.enabled=false").run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			find(context, 1);

			assertThat(context).doesNotHaveBean(RepositoryCache.class);
			assertThat(statistics(context)).isEmpty();
		});
	}

	@Test
	void entityIsExceptedByProperty() {
		runner().withPropertyValues("strates.query.entity-cache.except=Shop,Product").run((context) -> {
			Shops.release(context, "berlin", 3, 10);

			find(context, 1);

			assertThat(statistics(context)).isEmpty();
		});
	}

	@Test
	void memoryHoldsNoMoreThanThePropertySays() {
		runner().withPropertyValues("strates.query.entity-cache.maximum-size=2").run((context) -> {
			Shops.release(context, "berlin", 30, 10);

			for (long id = 1; id <= 30; id++) {
				find(context, id);
			}

			await().atMost(Duration.ofSeconds(30)).until(() -> products(context).evictions() >= 28);
		});
	}

	@Test
	void cacheOfTheApplicationIsUsedInstead() {
		runner().withUserConfiguration(OwnCache.class).run((context) -> {
			assertThat(context).hasSingleBean(RepositoryCache.class);
			Tiers own = context.getBean(OwnCache.class).tiers;
			Shops.release(context, "berlin", 3, 10);

			find(context, 1);

			assertThat(statistics(context)).isEmpty();
			assertThat(own.statistics(Product.class.getName()).loads()).isEqualTo(1);
		});
	}

	@Test
	void entityIsInRedisForAsLongAsThePropertySaysAndGoesWithItsBuild() {
		DevRedis redis = DevRedis.shared();
		String namespace = UUID.randomUUID().toString();
		runner().withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"strates.cache.namespace=" + namespace, "strates.cache.redis.timeout=10s",
					"strates.query.entity-cache.time-to-live=1h", "strates.gc.keep-releases=1")
			.run((context) -> {
				await().atMost(Duration.ofSeconds(30))
					.ignoreExceptions()
					.until(() -> context.getBean(RemoteTier.class).fetch(List.of("?")).size() == 1);
				Shops.release(context, "berlin", 3, 10);
				find(context, 1);
				try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
						StatefulRedisConnection<String, String> seen = client.connect()) {
					await().atMost(Duration.ofSeconds(30))
						.until(() -> seen.sync().keys(namespace + ":i:*").size() == 1);
					String key = seen.sync().keys(namespace + ":i:*").get(0);
					assertThat(seen.sync().ttl(key)).isBetween(1L, 3600L);
					Shops.release(context, "berlin", 3, 20);

					context.getBean(GarbageCollector.class).collect();

					assertThat(seen.sync().keys(namespace + ":i:*")).isEmpty();
				}
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCache {

		private final Tiers tiers = Tiers.builder("own").build();

		@Bean
		RepositoryCache ownRepositoryCache() {
			return new RepositoryCache(this.tiers, RepositoryCacheSettings.defaults());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(considerNestedRepositories = true)
	static class PinnedRepositories {

	}

	@Pinned(scope = "shop", scopeId = "berlin")
	interface BerlinProducts extends ListCrudRepository<Product, Long> {

	}

}
