package io.strates.boot.autoconfigure;

import io.strates.build.BuildService;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;
import io.strates.query.PinListener;
import io.strates.query.Pins;
import io.strates.query.QueryService;
import io.strates.query.ReadModels;
import io.strates.release.ReleaseService;
import io.strates.release.ReleaseWatcher;

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
	Pins stratesPins(BoundBuilds bound) {
		return new Pins(bound);
	}

	@Bean
	@ConditionalOnMissingBean
	QueryService stratesQueryService(HibernateMapping mapping, Pins pins, BuildService builds, ReleaseService releases,
			StratesProperties properties, ObjectProvider<PinListener> listeners, StratifiedUnit unit,
			MetadataAccess metadata, ReadModels readModels, ReleaseWatcher watcher) {
		return QueryService.builder()
			.model(mapping.model())
			.schema(mapping::schema)
			.pins(pins)
			.builds(builds)
			.releases(releases)
			.nothingReleased(properties.query().nothingReleased())
			.listener(LateListeners.ofPins(listeners))
			.rows(unit.dataSource(), metadata.database())
			.readModels(readModels)
			.pointers(watcher, properties.query().pointerStaleness())
			.build();
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
