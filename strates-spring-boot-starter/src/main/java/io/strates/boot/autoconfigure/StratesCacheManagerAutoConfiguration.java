package io.strates.boot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import io.strates.cache.CacheSettings;
import io.strates.cache.CodecFactory;
import io.strates.cache.Tiers;
import io.strates.cache.spring.CacheableMethods;
import io.strates.cache.spring.TieredCacheManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of the tiers as the caches of an application that enables caching.
 * Before Spring Boot's, which backs off where there is a cache manager.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StratesAutoConfiguration.class,
		beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean({ Tiers.class, CacheAspectSupport.class })
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@Conditional(OnCaching.class)
public final class StratesCacheManagerAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(StratesCacheManagerAutoConfiguration.class);

	private static final String PREFIX = "strates.cache.";

	StratesCacheManagerAutoConfiguration() {
	}

	@Bean
	TieredCacheManager stratesCacheManager(Tiers tiers, ObjectProvider<CodecFactory> codecs,
			ObjectProvider<CacheOperationSource> operations, ObjectProvider<DataSource> database,
			ConfigurableListableBeanFactory beans, StratesProperties properties) {
		StratesProperties.Cache cache = properties.cache();
		CacheSettings defaults = settings(CacheSettings.DEFAULT, cache.defaults(), PREFIX + "defaults");
		TieredCacheManager.Builder manager = TieredCacheManager
			.builder(tiers, codecs.getIfAvailable(() -> Codecs.of(cache.codec())))
			.defaults(defaults)
			.types(() -> CacheableMethods.types(beans, operations.getIfAvailable(AnnotationCacheOperationSource::new)))
			.allowNullValues(cache.manager().allowNullValues())
			.defaultIsolation(isolation(database.getIfUnique()));
		cache.caches().forEach((name, own) -> {
			manager.cache(name, settings(defaults, own, PREFIX + "caches." + name));
			if (own.type() != null) {
				manager.type(name, own.type());
			}
		});
		if (cache.manager().names() != null) {
			manager.names(cache.manager().names());
		}
		logger.info("What @Cacheable methods answer is kept in the tiers of Strates;"
				+ " strates.cache.manager.enabled=false leaves that to Spring Boot");
		return manager.build();
	}

	private static CacheSettings settings(CacheSettings settings, StratesProperties.CacheAttributes set,
			String prefix) {
		Duration absent = set.absentTimeToLive();
		if (absent != null && absent.isZero()) {
			throw new StratesStartException("Property " + prefix + ".absent-time-to-live is zero",
					"Change " + prefix
							+ ".absent-time-to-live to a positive duration; or remove it, so that null is kept"
							+ " as any value; or keep no null with @Cacheable(unless = \"#result == null\").");
		}
		return CacheSettingsMapper.with(settings, set, prefix);
	}

	/** What the database, or its pool, gives to transactions that do not say. */
	private static int isolation(@Nullable DataSource database) {
		if (database == null) {
			return Connection.TRANSACTION_READ_COMMITTED;
		}
		try (Connection connection = database.getConnection()) {
			return connection.getTransactionIsolation();
		}
		catch (SQLException ex) {
			logger.warn("It is not known which isolation transactions have by default; what methods answer inside such"
					+ " ones is not kept", ex);
			return Connection.TRANSACTION_REPEATABLE_READ;
		}
	}

}
