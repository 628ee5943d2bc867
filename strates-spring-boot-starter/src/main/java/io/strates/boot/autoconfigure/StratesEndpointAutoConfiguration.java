package io.strates.boot.autoconfigure;

import io.strates.boot.actuate.StratesEndpoint;
import io.strates.boot.actuate.StratesEndpointBodies;
import io.strates.boot.actuate.StratesEndpointWebExtension;
import io.strates.build.BuildService;
import io.strates.build.BuildTable;
import io.strates.cache.Tiers;
import io.strates.entity.StratifiedModel;
import io.strates.gc.GarbageCollector;
import io.strates.release.ReleaseService;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Auto-configuration of the actuator endpoint {@code strates}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StratesAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(StratesEndpoint.class)
@ConditionalOnBean({ BuildTable.class, BuildService.class, ReleaseService.class, GarbageCollector.class })
public final class StratesEndpointAutoConfiguration {

	StratesEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	StratesEndpoint stratesEndpoint(StratifiedModel model, BuildTable table, BuildService builds,
			ReleaseService releases, GarbageCollector collector, Tiers tiers) {
		return new StratesEndpoint(model, table, builds, releases, collector, tiers);
	}

	@Bean
	@ConditionalOnMissingBean
	StratesEndpointWebExtension stratesEndpointWebExtension(StratesEndpoint endpoint) {
		return new StratesEndpointWebExtension(endpoint);
	}

	/** Spring MVC answers what it cannot read itself. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HandlerExceptionResolver.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class WebMvcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		StratesEndpointBodies stratesEndpointBodies(PathMappedEndpoints endpoints) {
			return new StratesEndpointBodies(endpoints);
		}

	}

}
