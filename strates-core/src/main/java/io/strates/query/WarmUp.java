package io.strates.query;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import io.strates.build.BuildInfo;
import io.strates.release.Release;
import io.strates.release.ReleaseListener;
import io.strates.release.ReleasePreparation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the hot values of read models from a build that becomes live, so that the first
 * readers of a release find them.
 *
 * <p>
 * The node that releases does so before the pointer moves, and its release waits for it.
 * Every other node does so as soon as it knows of the release, in a thread of its own,
 * mostly from what the first has left in the second tier. <b>Failures:</b> what fails is
 * logged, and read later when somebody asks for it.
 *
 * @since 0.1.0
 */
public final class WarmUp implements ReleasePreparation, ReleaseListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WarmUp.class);

	private final ReadModels readModels;

	private final ExecutorService thread;

	/**
	 * Creates a warm-up.
	 * @param readModels the read models
	 */
	public WarmUp(ReadModels readModels) {
		this.readModels = readModels;
		this.thread = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "strates-warm-up");
			thread.setDaemon(true);
			return thread;
		});
	}

	@Override
	public void prepare(BuildInfo build, Release live) {
		if (this.readModels.isWarmedUp(build.scope())) {
			this.readModels.warmUp(new ResolvedPin(build.scope(), build.scopeId(), build.buildStrate(), null));
		}
	}

	@Override
	public void released(Release release) {
		if (!this.readModels.isWarmedUp(release.scope())) {
			return;
		}
		try {
			this.thread.execute(() -> warmUp(release));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} comes after the end", release.describe());
		}
	}

	private void warmUp(Release release) {
		try {
			this.readModels
				.warmUp(new ResolvedPin(release.scope(), release.scopeId(), release.buildStrate(), release.number()));
		}
		catch (RuntimeException ex) {
			logger.warn("Not everything that was hot before {} is in memory; it is read when it is asked for",
					release.describe(), ex);
		}
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	@Override
	public String toString() {
		return "the warm-up of read models";
	}

}
