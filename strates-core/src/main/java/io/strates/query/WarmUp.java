package io.strates.query;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.release.Release;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseListener;
import io.strates.release.ReleasePreparation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the hot values of read models from a build that becomes live, so that the first
 * readers of a release find them.
 *
 * <p>
 * The node that releases does so before the pointer moves, and its release waits for it.
 * Then, and still before, it asks the other nodes to do the same, each for what was hot
 * in its own memory, mostly from what the first has left in the second tier; it waits for
 * them for a limited time. A node that was not reached does so when it hears of the
 * release. <b>Failures:</b> what fails is logged, and read later when somebody asks for
 * it.
 *
 * @since 0.1.0
 */
public final class WarmUp implements ReleasePreparation, ReleaseListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WarmUp.class);

	private final ReadModels readModels;

	private final @Nullable ReleaseChannel others;

	private final Duration patience;

	private final ExecutorService thread;

	/**
	 * Creates a warm-up of this node alone.
	 * @param readModels the read models
	 */
	public WarmUp(ReadModels readModels) {
		this(readModels, null, Duration.ZERO);
	}

	/**
	 * Creates a warm-up of all nodes.
	 * @param readModels the read models
	 * @param others reaches the other nodes
	 * @param builds looks builds up, since not everything on the channel need be true
	 * @param patience how long a release waits for other nodes
	 */
	public WarmUp(ReadModels readModels, ReleaseChannel others, Function<UUID, @Nullable BuildInfo> builds,
			Duration patience) {
		this(readModels, others, patience);
		others.onPrepare((buildStrate) -> {
			BuildInfo build = builds.apply(buildStrate);
			if (build != null && build.status() == BuildStatus.SEALED) {
				warmUp(build);
			}
		});
	}

	private WarmUp(ReadModels readModels, @Nullable ReleaseChannel others, Duration patience) {
		this.readModels = readModels;
		this.others = others;
		this.patience = patience;
		this.thread = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "strates-warm-up");
			thread.setDaemon(true);
			return thread;
		});
	}

	@Override
	public void prepare(BuildInfo build, Release live) {
		if (this.readModels.isWarmedUp(build.scope())) {
			warmUp(build);
			if (this.others != null) {
				this.others.prepare(build.buildStrate(), this.patience);
			}
		}
	}

	private void warmUp(BuildInfo build) {
		this.readModels.warmUp(new ResolvedPin(build.scope(), build.scopeId(), build.buildStrate(), null));
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
