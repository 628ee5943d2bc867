package io.strates.boot.autoconfigure;

import io.strates.build.BuildTable;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.gc.CollectionListener;
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

	@Bean
	@ConditionalOnMissingBean
	RetentionPolicy stratesRetentionPolicy(StratesProperties properties) {
		StratesProperties.Gc gc = properties.gc();
		return new RetentionPolicy(gc.keepReleases(), gc.keepFailed(), gc.keepRejected(), gc.keepUnreleased(),
				gc.abandonedAfter());
	}

	@Bean
	@ConditionalOnMissingBean
	GarbageCollector stratesGarbageCollector(HibernateMapping mapping, BuildTable builds, ReleaseTable releases,
			MetadataAccess metadata, RetentionPolicy policy, StratesProperties properties, NodeName node,
			ObjectProvider<CollectionListener> listeners) {
		return GarbageCollector.builder()
			.schema(mapping::schema)
			.builds(builds)
			.releases(releases)
			.rows(metadata.jdbc(), metadata.database())
			.newTransaction(metadata.own())
			.policy(policy)
			.batchSize(properties.gc().batchSize())
			.pause(properties.gc().pause())
			.owner(node.value())
			.listener(LateListeners.ofCollections(listeners))
			.build();
	}

	@Bean
	CollectionSchedule stratesCollectionSchedule(GarbageCollector collector, StratesProperties properties) {
		return new CollectionSchedule(collector, properties.gc());
	}

}
