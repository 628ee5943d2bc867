package io.strates.sample.importing;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.strates.build.BranchesFailedException;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildOptions;
import io.strates.build.BuildService;
import io.strates.query.PinRequest;
import io.strates.release.Release;
import io.strates.release.ReleaseService;
import io.strates.sample.catalog.CatalogWriter;
import io.strates.sample.debian.PackageIndex;
import io.strates.sample.suite.Suites;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Turns an index into a release: opens a build, writes, seals and releases it. What fails
 * on the way leaves a failed build that says why, and what is live as it was.
 */
@Service
class ImportService {

	/** Keeps the names of the source of an import with its build. */
	static final String SOURCE = "source";

	private static final Logger log = LoggerFactory.getLogger(ImportService.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final BuildService builds;

	private final ReleaseService releases;

	private final CatalogWriter catalog;

	private final Semaphore permits;

	/** The builds that are being written here, until their imports have ended. */
	private final Map<UUID, Build> active = new HashMap<>();

	private boolean stopping;

	ImportService(BuildService builds, ReleaseService releases, CatalogWriter catalog, SampleProperties properties) {
		this.builds = builds;
		this.releases = releases;
		this.catalog = catalog;
		this.permits = new Semaphore(properties.upload().parallel(), true);
	}

	/**
	 * Imports an index.
	 * @param suite the suite
	 * @param mode what the index means for it
	 * @param index the index
	 * @param source what the index is called
	 * @param progress told how it goes
	 * @return the release, which is live
	 * @throws IOException if the index's source fails
	 * @throws io.strates.sample.debian.BrokenIndexException if the index has a fault
	 * @throws io.strates.release.ReleaseConflictException if something else was released
	 * meanwhile
	 * @throws io.strates.sample.web.NotFoundException if an overlay finds nothing to lie
	 * upon
	 */
	ImportedRelease run(String suite, ImportMode mode, PackageIndex index, String source, ImportProgress progress)
			throws IOException {
		if (mode == ImportMode.OVERLAY && this.releases.current(Suites.SCOPE, suite).isEmpty()) {
			throw Suites.unknown(suite);
		}
		this.permits.acquireUninterruptibly();
		long begun = System.nanoTime();
		BuildOptions options = BuildOptions.defaults()
			.label((mode == ImportMode.FULL) ? source : source + " over the live state")
			.metadata(SOURCE, source)
			.listener(progress);
		try (Build build = this.builds.open(Suites.SCOPE, suite, options)) {
			begin(build);
			try {
				BuildInfo sealed = write(build, mode, index, progress);
				Release release = this.releases.release(build.buildStrate());
				return new ImportedRelease(release, sealed, Duration.ofNanos(System.nanoTime() - begun));
			}
			catch (IOException | RuntimeException | Error ex) {
				throw failed(build, ex);
			}
			finally {
				end(build);
			}
		}
		finally {
			this.permits.release();
		}
	}

	private BuildInfo write(Build build, ImportMode mode, PackageIndex index, ImportProgress progress)
			throws IOException {
		UUID base = this.builds.get(build.buildStrate()).baseStrate();
		if (mode == ImportMode.OVERLAY && base != null) {
			PinRequest live = PinRequest.build(Suites.SCOPE, build.scopeId(), base);
			this.catalog.writeOverlay(build, live, index, progress::expected);
		}
		else {
			this.catalog.writeFull(build, index, progress::expected);
		}
		return build.seal();
	}

	/** Records why, and returns what to tell the caller. */
	private RuntimeException failed(Build build, Throwable failure) throws IOException {
		Throwable cause = (failure instanceof BranchesFailedException && failure.getCause() != null)
				? failure.getCause() : failure;
		try {
			build.fail(cause);
		}
		catch (RuntimeException ex) {
			cause.addSuppressed(ex);
		}
		if (isStopping()) {
			log.info("The import into {} was stopped: {}", build, cause.getMessage());
			return new ImportStoppedException();
		}
		if (cause instanceof IOException io) {
			throw io;
		}
		if (cause instanceof Error error) {
			throw error;
		}
		return (cause instanceof RuntimeException runtime) ? runtime : (RuntimeException) failure;
	}

	private synchronized void begin(Build build) {
		if (this.stopping) {
			throw new ImportStoppedException();
		}
		this.active.put(build.buildStrate(), build);
	}

	private synchronized void end(Build build) {
		this.active.remove(build.buildStrate());
		notifyAll();
	}

	private synchronized boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Fails what is being written, while the database can still be reached, and waits
	 * until nobody writes. A build that is sealed by then is released.
	 */
	@EventListener(ContextClosedEvent.class)
	synchronized void stop() {
		this.stopping = true;
		for (UUID buildStrate : this.active.keySet()) {
			try {
				this.builds.fail(buildStrate, "The application was shut down");
			}
			catch (RuntimeException ex) {
				log.debug("Build {} was not failed", buildStrate, ex);
			}
		}
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		try {
			while (!this.active.isEmpty() && System.nanoTime() < deadline) {
				TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, deadline - System.nanoTime()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
