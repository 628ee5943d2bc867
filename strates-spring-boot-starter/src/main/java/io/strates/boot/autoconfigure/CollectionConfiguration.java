package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import io.strates.build.BuildTable;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionSettings;
import io.strates.gc.DefaultGarbageCollector;
import io.strates.gc.GarbageCollector;
import io.strates.gc.RetentionPolicy;
import io.strates.release.ReleaseTable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Garbage collection and its schedule. */
@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {

	private static final Duration LEASE = Duration.ofMinutes(1);

	@Bean
	@ConditionalOnMissingBean
	RetentionPolicy retentionPolicy(StratesProperties properties) {
		StratesProperties.Gc gc = properties.gc();
		return new RetentionPolicy(gc.keepReleases(), gc.keepFailed(), gc.keepRejected(), gc.keepUnreleased(),
				gc.abandonedAfter());
	}

	/** The lease is renewed with each batch, so it has to outlast a pause. */
	@Bean
	@ConditionalOnMissingBean
	CollectionSettings collectionSettings(StratesProperties properties, NodeName node) {
		StratesProperties.Gc gc = properties.gc();
		return new CollectionSettings(gc.batchSize(), gc.pause(), LEASE.plus(gc.pause().multipliedBy(2)), node.value());
	}

	@Bean
	@ConditionalOnMissingBean(GarbageCollector.class)
	DefaultGarbageCollector garbageCollector(HibernateMapping mapping, BuildTable builds, ReleaseTable releases,
			MetadataAccess metadata, RetentionPolicy policy, CollectionSettings settings,
			ObjectProvider<CollectionListener> listeners) {
		return new DefaultGarbageCollector(new DefaultGarbageCollector.Parts(mapping::schema, builds, releases,
				metadata.jdbc(), metadata.database(), metadata.own(), policy, settings,
				List.of(LateListeners.ofCollections(listeners)), InstantSource.system()));
	}

	@Bean
	CollectionSchedule stratesCollectionSchedule(GarbageCollector collector, StratesProperties properties) {
		return new CollectionSchedule(collector, properties.gc());
	}

}
