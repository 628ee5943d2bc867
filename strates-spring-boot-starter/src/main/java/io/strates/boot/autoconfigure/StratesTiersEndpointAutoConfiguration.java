package io.strates.boot.autoconfigure;

import io.strates.boot.actuate.StratesTiersEndpoint;
import io.strates.boot.actuate.StratesTiersEndpointWebExtension;
import io.strates.cache.Tiers;
import io.strates.cache.spring.TieredCacheManager;
import io.strates.store.TieredStores;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoint {@code stratestiers}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StratesAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(StratesTiersEndpoint.class)
@ConditionalOnBean(Tiers.class)
public final class StratesTiersEndpointAutoConfiguration {

	StratesTiersEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	StratesTiersEndpoint stratesTiersEndpoint(Tiers tiers, ObjectProvider<TieredStores> stores,
			ObjectProvider<TieredCacheManager> methods) {
		return new StratesTiersEndpoint(tiers, stores.getIfAvailable(), methods.getIfUnique());
	}

	@Bean
	@ConditionalOnMissingBean
	StratesTiersEndpointWebExtension stratesTiersEndpointWebExtension(StratesTiersEndpoint endpoint) {
		return new StratesTiersEndpointWebExtension(endpoint);
	}

}
