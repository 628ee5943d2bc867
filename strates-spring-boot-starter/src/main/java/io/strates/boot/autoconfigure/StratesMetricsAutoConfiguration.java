package io.strates.boot.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.actuate.StratesCacheMetrics;
import io.strates.boot.actuate.StratesMetrics;
import io.strates.boot.actuate.StratesStoreMetrics;
import io.strates.build.BuildService;
import io.strates.cache.Tiers;
import io.strates.store.TieredStores;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of the meters of Strates.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StratesAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, BuildService.class })
public final class StratesMetricsAutoConfiguration {

	StratesMetricsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	StratesMetrics stratesMetrics(MeterRegistry registry) {
		return new StratesMetrics(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@Lazy(false)
	StratesCacheMetrics stratesCacheMetrics(Tiers tiers, MeterRegistry registry) {
		return new StratesCacheMetrics(tiers, registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(TieredStores.class)
	@Lazy(false)
	StratesStoreMetrics stratesStoreMetrics(TieredStores stores, MeterRegistry registry) {
		return new StratesStoreMetrics(stores, registry);
	}

}
