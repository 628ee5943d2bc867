package io.strates.boot.autoconfigure;

import io.strates.cache.TierUnavailableException;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionReport;
import io.strates.query.ReadModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is cached of a build when the build is collected. */
final class ReadModelRemoval implements CollectionListener {

	private static final Logger logger = LoggerFactory.getLogger(ReadModelRemoval.class);

	private final ReadModels readModels;

	ReadModelRemoval(ReadModels readModels) {
		this.readModels = readModels;
	}

	@Override
	public void completed(CollectionReport report) {
		try {
			this.readModels.forget(report.builds()
				.stream()
				.filter(CollectionReport.Entry::removed)
				.map(CollectionReport.Entry::buildStrate)
				.toList());
		}
		catch (TierUnavailableException ex) {
			logger.info("L2 keeps what was cached of collected builds until its time is over: {}", ex.getMessage());
		}
	}

}
