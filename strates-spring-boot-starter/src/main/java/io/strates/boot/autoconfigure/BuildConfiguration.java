package io.strates.boot.autoconfigure;

import java.time.InstantSource;
import java.util.List;

import javax.sql.DataSource;

import io.strates.build.BuildListener;
import io.strates.build.BuildSealer;
import io.strates.build.BuildService;
import io.strates.build.BuildSettings;
import io.strates.build.BuildTable;
import io.strates.build.DefaultBuildService;
import io.strates.build.RowStore;
import io.strates.build.WritePermits;
import io.strates.build.hibernate.HibernateRowStore;
import io.strates.entity.StratifiedModel;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Builds, and what keeps everybody else from writing stratified rows. */
@Configuration(proxyBeanMethods = false)
class BuildConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BuildTable buildTable(MetadataAccess metadata) {
		return new BuildTable(metadata.jdbc(), metadata.database());
	}

	@Bean
	@ConditionalOnMissingBean
	WritePermits writePermits(BuildTable builds) {
		return new WritePermits(builds);
	}

	@Bean
	@ConditionalOnMissingBean(RowStore.class)
	HibernateRowStore rowStore(StratifiedUnit unit, StratifiedModel model, MetadataAccess metadata) {
		return new HibernateRowStore(unit.factory(), model, unit.dataSource(), metadata.database());
	}

	@Bean
	@Lazy(false)
	RepositoryWrites stratesRepositoryWrites(StratifiedUnit unit, StratifiedModel model, BoundBuilds bound,
			WritePermits permits, MetadataAccess metadata, ObjectProvider<HibernateRowStore> rows) {
		rows.getIfAvailable(() -> new HibernateRowStore(unit.factory(), model, unit.dataSource(), metadata.database()))
			.guardWrites(bound, permits);
		return new RepositoryWrites();
	}

	@Bean
	@ConditionalOnMissingBean
	BuildSealer buildSealer(HibernateMapping mapping, MetadataAccess metadata) {
		return new BuildSealer(mapping::schema, metadata.jdbc(), metadata.database());
	}

	@Bean
	@ConditionalOnMissingBean
	BuildSettings buildSettings(StratesProperties properties, NodeName node, StratifiedUnit unit,
			ObjectProvider<DataSourcePoolMetadataProvider> pools, ObjectProvider<BranchExecutor> executor) {
		return new BuildSettings(properties.build().chunkSize(), parallelism(properties, unit.dataSource(), pools),
				properties.build().heartbeat(), node.value(), executor.getObject().executor());
	}

	@Bean
	NodeName stratesNodeName(StratesProperties properties) {
		return NodeName.of(properties.node());
	}

	@Bean
	BranchExecutor stratesBranchExecutor(StratesProperties properties, StratifiedUnit unit,
			ObjectProvider<DataSourcePoolMetadataProvider> pools) {
		return new BranchExecutor(parallelism(properties, unit.dataSource(), pools));
	}

	/** Readers keep the other half of the connections. */
	private static int parallelism(StratesProperties properties, DataSource dataSource,
			ObjectProvider<DataSourcePoolMetadataProvider> pools) {
		Integer configured = properties.build().parallelism();
		if (configured != null) {
			return configured;
		}
		int processors = Runtime.getRuntime().availableProcessors();
		DataSourcePoolMetadata pool = new CompositeDataSourcePoolMetadataProvider(pools.orderedStream().toList())
			.getDataSourcePoolMetadata(dataSource);
		Integer connections = (pool != null) ? pool.getMax() : null;
		return (connections != null && connections > 0) ? Math.max(1, Math.min(connections / 2, processors))
				: processors;
	}

	@Bean
	@ConditionalOnMissingBean(BuildService.class)
	DefaultBuildService buildService(HibernateMapping mapping, BuildTable builds, WritePermits permits, RowStore rows,
			BuildSealer sealer, BoundBuilds bound, MetadataAccess metadata, BuildSettings settings,
			ObjectProvider<BuildListener> listeners, RepositoryWrites guarded) {
		return new DefaultBuildService(
				new DefaultBuildService.Parts(mapping::schema, builds, permits, rows, sealer, bound, metadata.joining(),
						metadata.own(), settings, List.of(LateListeners.ofBuilds(listeners)), InstantSource.system()));
	}

	/** Says that repositories and the entity manager are guarded. */
	static final class RepositoryWrites {

	}

}
