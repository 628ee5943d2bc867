package io.strates.boot.autoconfigure;

import javax.sql.DataSource;

import io.strates.build.BuildListener;
import io.strates.build.BuildService;
import io.strates.build.BuildTable;
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
	BuildTable stratesBuildTable(MetadataAccess metadata) {
		return new BuildTable(metadata.jdbc(), metadata.database());
	}

	@Bean
	@ConditionalOnMissingBean
	WritePermits stratesWritePermits(BuildTable builds) {
		return new WritePermits(builds);
	}

	@Bean
	@ConditionalOnMissingBean(RowStore.class)
	HibernateRowStore stratesRowStore(StratifiedUnit unit, StratifiedModel model, MetadataAccess metadata) {
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
	@ConditionalOnMissingBean
	BuildService stratesBuildService(HibernateMapping mapping, WritePermits permits, RowStore rows, BoundBuilds bound,
			MetadataAccess metadata, StratesProperties properties, NodeName node, BranchExecutor branches,
			ObjectProvider<BuildListener> listeners, RepositoryWrites guarded) {
		return BuildService.builder()
			.schema(mapping::schema)
			.permits(permits)
			.rowStore(rows)
			.boundBuilds(bound)
			.transactions(metadata.joining(), metadata.own())
			.branchExecutor(branches.executor())
			.owner(node.value())
			.chunkSize(properties.build().chunkSize())
			.parallelism(branches.parallelism())
			.heartbeat(properties.build().heartbeat())
			.listener(LateListeners.ofBuilds(listeners))
			.build();
	}

	/** Says that repositories and the entity manager are guarded. */
	static final class RepositoryWrites {

	}

}
