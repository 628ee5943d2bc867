package io.strates.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.cache.spring.TieredCacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.support.NoOpCache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The tiers as the caches of an application that enables caching. */
@ExtendWith(OutputCaptureExtension.class)
class CacheManagerTests {

	private final ApplicationContextRunner runner = Contexts.shop()
		.withConfiguration(
				AutoConfigurations.of(CacheAutoConfiguration.class, StratesCacheManagerAutoConfiguration.class))
		.withUserConfiguration(Caching.class);

	@Test
	void methodsAreAnsweredByTheTiers(CapturedOutput output) {
		this.runner.run((context) -> {
			Words words = context.getBean(Words.class);
			words.list("a").clear();

			assertThat(words.list("a")).containsExactly("a");
			assertThat(words.calls()).isEqualTo(1);
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(TieredCacheManager.class);
			assertThat(output).contains("strates.cache.manager.enabled=false leaves that to Spring Boot");
		});
	}

	@Test
	void methodsAreAnsweredByTheTiersWithoutBootsModule() {
		Contexts.shop()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.cache"))
			.withConfiguration(AutoConfigurations.of(StratesCacheManagerAutoConfiguration.class))
			.withUserConfiguration(Caching.class)
			.run((context) -> {
				context.getBean(Words.class).text("a");

				assertThat(context.getBean(Words.class).text("a")).isEqualTo("a");
				assertThat(context.getBean(Words.class).calls()).isEqualTo(1);
			});
	}

	@Test
	void applicationThatDoesNotEnableCachingHasNone() {
		Contexts.shop()
			.withConfiguration(AutoConfigurations.of(StratesCacheManagerAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(CacheManager.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "strates.cache.manager.enabled=false", "spring.cache.type=simple",
			"spring.cache.caffeine.spec=maximumSize=1" })
	void applicationThatChoosesOtherCachesHasThem(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(TieredCacheManager.class);
			assertThat(context).hasSingleBean(CacheManager.class);
		});
	}

	@Test
	void applicationThatAsksForTheTiersHasThemWhateverBootIsTold() {
		this.runner.withPropertyValues("strates.cache.manager.enabled=true", "spring.cache.type=none")
			.run((context) -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(TieredCacheManager.class));
	}

	@Test
	void ownManagerOrResolverIsUsed() {
		this.runner.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> assertThat(context).doesNotHaveBean(TieredCacheManager.class));
		this.runner.withBean("cacheResolver", CacheResolver.class, () -> CacheManagerTests::noCache)
			.withUserConfiguration(Resolving.class)
			.run((context) -> assertThat(context).doesNotHaveBean(TieredCacheManager.class));
	}

	private static List<Cache> noCache(CacheOperationInvocationContext<?> context) {
		return List.of(new NoOpCache("none"));
	}

	@Test
	void declaredTypeIsThatOfTheValues() {
		this.runner.run((context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> context.getBean(Words.class).anything())
			.withMessageContaining("strates.cache.caches.anything.type"));
		this.runner.withPropertyValues("strates.cache.caches.anything.type=" + Mutable.class.getName())
			.run((context) -> {
				context.getBean(Words.class).anything();

				assertThat(context.getBean(Words.class).anything()).isInstanceOf(Mutable.class);
				assertThat(context.getBean(Words.class).calls()).isEqualTo(1);
			});
	}

	@Test
	void settingsAreThoseOfTheCacheBeforeThoseOfAll() {
		this.runner
			.withPropertyValues("strates.cache.defaults.local-time-to-live=1ns",
					"strates.cache.caches.texts.local-time-to-live=1h")
			.run((context) -> {
				Words words = context.getBean(Words.class);
				words.list("a");
				words.list("a");
				words.text("a");
				words.text("a");

				assertThat(words.calls()).isEqualTo(3);
			});
	}

	@Test
	void namesAreThoseThatAreFixed() {
		this.runner.withPropertyValues("strates.cache.manager.names=texts,lists").run((context) -> {
			assertThat(context.getBean(CacheManager.class).getCacheNames()).containsExactly("lists", "texts");
			assertThat(context.getBean(CacheManager.class).getCache("others")).isNull();
		});
	}

	@Test
	void nullIsRefusedIfItIsNotAllowed() {
		this.runner.withPropertyValues("strates.cache.manager.allow-null-values=false")
			.run((context) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> context.getBean(Words.class).text(null)));
	}

	@Test
	void whatMethodsAnswerInTransactionsThatSeeOldStatesIsNotKept() {
		this.runner.withPropertyValues("spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ")
			.run((context) -> {
				TransactionTemplate transaction = new TransactionTemplate(
						context.getBean(PlatformTransactionManager.class));
				Words words = context.getBean(Words.class);
				transaction.executeWithoutResult((status) -> words.text("a"));
				words.text("a");
				transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
				transaction.executeWithoutResult((status) -> words.text("b"));
				words.text("b");

				assertThat(words.calls()).isEqualTo(3);
			});
	}

	@ParameterizedTest
	@CsvSource({ "strates.cache.defaults.maximum, 0", "strates.cache.defaults.jitter, 1",
			"strates.cache.defaults.local-time-to-live, 0s", "strates.cache.caches.texts.remote-time-to-live, -1s",
			"strates.cache.caches.texts.absent-time-to-live, 0s", "strates.cache.caches.texts.load-timeout, 0s",
			"strates.cache.caches.texts.soft-timeout, 1s", "strates.cache.caches.texts.max-stale, -1s",
			"strates.cache.caches.texts.refresh-ahead, 2" })
	void wrongSettingStopsTheStartNamingTheProperty(String name, String value) {
		this.runner.withPropertyValues(name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("StratesStartException: Property " + name + " "));
	}

	/** An application that enables caching. */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class Caching {

		@Bean
		Words words() {
			return new Words();
		}

	}

	/** An application that finds its caches itself. */
	@Configuration(proxyBeanMethods = false)
	static class Resolving implements CachingConfigurer {

		@Override
		public CacheResolver cacheResolver() {
			return CacheManagerTests::noCache;
		}

	}

	/** Cached methods. */
	public static class Words {

		private final AtomicInteger calls = new AtomicInteger();

		@Cacheable("lists")
		public List<String> list(String word) {
			this.calls.incrementAndGet();
			return new ArrayList<>(List.of(word));
		}

		@Cacheable("texts")
		public String text(String word) {
			this.calls.incrementAndGet();
			return word;
		}

		@Cacheable("anything")
		public Object anything() {
			this.calls.incrementAndGet();
			return new Mutable();
		}

		public int calls() {
			return this.calls.get();
		}

	}

	/** A value that can change. */
	static class Mutable {

		private int number;

		public int getNumber() {
			return this.number;
		}

		public void setNumber(int number) {
			this.number = number;
		}

	}

}
