package io.strates.boot.autoconfigure;

import java.util.List;

import io.strates.build.BuildTable;
import io.strates.cache.CodecFactory;
import io.strates.cache.CoherentTier;
import io.strates.cache.RemoteTier;
import io.strates.cache.Tiers;
import io.strates.entity.StratifiedModel;
import io.strates.query.Pins;
import io.strates.query.ReadModel;
import io.strates.query.ReadModels;
import io.strates.query.WarmUp;
import io.strates.release.ReleaseChannel;
import io.strates.query.hibernate.RepositoryCache;
import io.strates.query.hibernate.RepositoryCacheSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** The tiers and what is cached of released builds. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Tiers stratesTiers(ObjectProvider<RemoteTier> remote, ObjectProvider<CodecFactory> codecs,
			ObjectProvider<CoherentTier> coherent, StratesProperties properties, Environment environment) {
		Tiers.Builder tiers = Tiers.builder(properties.cache().namespace(environment));
		RemoteTier tier = remote.getIfAvailable();
		CodecFactory codec = codecs.getIfAvailable();
		if (tier != null && codec != null) {
			tiers.remote(tier, codec);
		}
		coherent.ifAvailable(tiers::coherent);
		if (properties.cache().singleNode()) {
			tiers.onlyNode();
		}
		return tiers.build();
	}

	@Bean
	@Lazy(false)
	CoherenceNotice stratesCoherenceNotice(Tiers tiers, ObjectProvider<CoherentTier> coherent,
			StratesProperties properties) {
		boolean heard = coherent.getIfAvailable() != null || properties.cache().singleNode();
		return new CoherenceNotice(() -> heard ? List.of() : tiers.coherentCaches().keySet());
	}

	@Bean
	@ConditionalOnMissingBean
	ReadModels stratesReadModels(Tiers tiers, Pins pins, StratifiedModel model) {
		return new ReadModels(tiers, pins, model);
	}

	/** Loaders use repositories, which exist later than what reads them. */
	@Bean
	@Lazy(false)
	ReadModelDeclarations stratesReadModelDeclarations(ReadModels readModels, ObjectProvider<ReadModel<?, ?>> models) {
		return new ReadModelDeclarations(readModels, models);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "strates.query.entity-cache.enabled", matchIfMissing = true)
	RepositoryCache stratesRepositoryCache(Tiers tiers, StratesProperties properties) {
		StratesProperties.Query.EntityCache settings = properties.query().entityCache();
		return new RepositoryCache(tiers, new RepositoryCacheSettings(settings.maximumSize(), settings.timeToLive(),
				RepositoryCacheSettings.defaults().loadTimeout(), settings.except()));
	}

	@Bean
	CachedBuildRemoval stratesCachedBuildRemoval(ReadModels readModels, ObjectProvider<RepositoryCache> repositories) {
		return new CachedBuildRemoval(readModels, repositories);
	}

	@Bean
	@ConditionalOnMissingBean
	WarmUp stratesWarmUp(ReadModels readModels, ObjectProvider<ReleaseChannel> channel, BuildTable builds,
			MetadataAccess metadata, StratesProperties properties) {
		ReleaseChannel others = channel.getIfAvailable();
		if (others == null) {
			return new WarmUp(readModels);
		}
		return new WarmUp(readModels, others,
				(buildStrate) -> metadata.own().execute((transaction) -> builds.find(buildStrate)),
				properties.query().warmUpPatience());
	}

}
