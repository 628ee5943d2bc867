package io.strates.boot.autoconfigure;

import java.time.InstantSource;

import io.strates.boot.actuate.StratesHealthIndicator;
import io.strates.cache.Tiers;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseWatcher;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of Strates.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StratesAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ MetadataAccess.class, ReleaseWatcher.class })
@ConditionalOnEnabledHealthIndicator("strates")
public final class StratesHealthContributorAutoConfiguration {

	StratesHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "stratesHealthIndicator")
	StratesHealthIndicator stratesHealthIndicator(MetadataAccess metadata, ReleaseWatcher watcher,
			ObjectProvider<ReleaseChannel> channel, Tiers tiers, StratesProperties properties) {
		return new StratesHealthIndicator(
				() -> metadata.jdbc().sql("select count(*) from released_strates").query(Long.class).single(), watcher,
				channel.getIfAvailable(), properties.release().pollInterval(), tiers, InstantSource.system());
	}

}
