package io.strates.boot.autoconfigure;

import java.util.List;
import java.util.UUID;

import io.strates.cache.TierUnavailableException;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionReport;
import io.strates.query.ReadModels;
import io.strates.query.hibernate.RepositoryCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;

/** Removes what is cached of a build when the build is collected. */
final class CachedBuildRemoval implements CollectionListener {

	private static final Logger logger = LoggerFactory.getLogger(CachedBuildRemoval.class);

	private final ReadModels readModels;

	private final ObjectProvider<RepositoryCache> repositories;

	CachedBuildRemoval(ReadModels readModels, ObjectProvider<RepositoryCache> repositories) {
		this.readModels = readModels;
		this.repositories = repositories;
	}

	@Override
	public void completed(CollectionReport report) {
		List<UUID> builds = report.builds()
			.stream()
			.filter(CollectionReport.Entry::removed)
			.map(CollectionReport.Entry::buildStrate)
			.toList();
		remove(() -> this.readModels.forget(builds));
		this.repositories.ifAvailable((cache) -> remove(() -> cache.forget(builds)));
	}

	private static void remove(Runnable removal) {
		try {
			removal.run();
		}
		catch (TierUnavailableException ex) {
			logger.info("L2 keeps what was cached of collected builds until its time is over: {}", ex.getMessage());
		}
	}

}
