package io.strates.boot.autoconfigure;

import java.util.List;

import io.strates.build.BuildService;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;
import io.strates.query.DefaultQueryService;
import io.strates.query.PinListener;
import io.strates.query.Pins;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** Pinned reads. */
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Pins pins(BoundBuilds bound) {
		return new Pins(bound);
	}

	@Bean
	@ConditionalOnMissingBean(QueryService.class)
	DefaultQueryService queryService(HibernateMapping mapping, Pins pins, BuildService builds, ReleaseService releases,
			StratesProperties properties, ObjectProvider<PinListener> listeners, StratifiedUnit unit,
			MetadataAccess metadata) {
		return new DefaultQueryService(new DefaultQueryService.Parts(mapping.model(), mapping::schema, pins, builds,
				releases, properties.query().nothingReleased(), List.of(LateListeners.ofPins(listeners)),
				unit.dataSource(), metadata.database()));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PinnedPostProcessor stratesPinnedPostProcessor(ObjectProvider<QueryService> queries,
			Environment environment) {
		PinnedPostProcessor processor = new PinnedPostProcessor(queries);
		processor.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
		return processor;
	}

}
