package io.strates.boot.autoconfigure;

import io.strates.gc.GarbageCollector;
import io.strates.gc.RetentionPolicy;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Garbage collection and its schedule. */
@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RetentionPolicy retentionPolicy(StratesProperties properties) {
		StratesProperties.Gc gc = properties.gc();
		return new RetentionPolicy(gc.keepReleases(), gc.keepFailed(), gc.keepRejected(), gc.keepUnreleased(),
				gc.abandonedAfter());
	}

	@Bean
	@ConditionalOnBean(GarbageCollector.class)
	CollectionSchedule stratesCollectionSchedule(GarbageCollector collector, StratesProperties properties) {
		return new CollectionSchedule(collector, properties.gc());
	}

}
