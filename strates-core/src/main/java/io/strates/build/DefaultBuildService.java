package io.strates.build;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.strates.entity.StratifiedSchema;
import io.strates.internal.BoundBuilds;
import io.strates.internal.UuidV7;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Builds whose metadata stand in the database. Closing it ends the heartbeat.
 */
public final class DefaultBuildService implements BuildService, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DefaultBuildService.class);

	private static final int MAX_SCOPE_ID = 128;

	private final Parts parts;

	private final UuidV7 uuids;

	private final Map<UUID, OpenBuild> open = new ConcurrentHashMap<>();

	private final ScheduledExecutorService heartbeat;

	/**
	 * What the service is made of.
	 *
	 * @param schema the stratified tables, asked for when the first build is opened
	 * @param table the metadata rows
	 * @param permits locks builds for writing
	 * @param store how entities become rows
	 * @param sealer checks and counts rows at the seal
	 * @param bound where repositories find the build that a thread works on
	 * @param transaction joins the caller's transaction
	 * @param newTransaction runs a transaction of its own
	 * @param settings how builds are written
	 * @param listeners told of every build
	 * @param clock the source of UUIDs' milliseconds and of elapsed times
	 */
	public record Parts(Supplier<StratifiedSchema> schema, BuildTable table, WritePermits permits, RowStore store,
			BuildSealer sealer, BoundBuilds bound, TransactionOperations transaction,
			TransactionOperations newTransaction, BuildSettings settings, List<BuildListener> listeners,
			InstantSource clock) {
	}

	/**
	 * Creates the service and starts its heartbeat.
	 * @param parts what it is made of
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // a beat reports its own failure
	public DefaultBuildService(Parts parts) {
		this.parts = parts;
		this.uuids = new UuidV7(parts.clock());
		this.heartbeat = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "strates-heartbeat");
			thread.setDaemon(true);
			return thread;
		});
		long period = parts.settings().heartbeat().toMillis();
		this.heartbeat.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
	}

	@Override
	public Build open(String scope, String scopeId, BuildOptions options) {
		StratifiedSchema schema = this.parts.schema().get();
		schema.model().root(scope);
		if (scopeId.isBlank() || scopeId.length() > MAX_SCOPE_ID) {
			throw new IllegalArgumentException("Scope id '" + scopeId + "' of scope '" + scope
					+ "' is refused; use 1 to " + MAX_SCOPE_ID + " characters");
		}
		UUID buildStrate = this.uuids.next();
		this.parts.newTransaction()
			.executeWithoutResult((transaction) -> this.parts.table()
				.insert(buildStrate, scope, scopeId, this.parts.settings().owner(), options));
		BuildInfo opened = get(buildStrate);
		ChunkWriter writer = new ChunkWriter(opened, options, this.parts, new WriteOrder(schema, scope));
		OpenBuild build = new OpenBuild(this, opened, writer);
		this.open.put(buildStrate, build);
		ChunkWriter.notify(writer.listeners(), (listener) -> listener.opened(opened));
		return build;
	}

	@Override
	public BuildInfo get(UUID buildStrate) {
		BuildInfo found = this.parts.transaction().execute((transaction) -> this.parts.table().find(buildStrate));
		if (found == null) {
			throw new BuildNotFoundException(buildStrate);
		}
		return found;
	}

	@Override
	public List<BuildInfo> list(String scope, String scopeId) {
		this.parts.schema().get().model().root(scope);
		List<BuildInfo> builds = this.parts.transaction()
			.execute((transaction) -> this.parts.table().list(scope, scopeId));
		return (builds != null) ? builds : List.of();
	}

	@Override
	public BuildInfo fail(UUID buildStrate, String reason) {
		OpenBuild own = this.open.get(buildStrate);
		BuildInfo failed = markFailed(buildStrate, reason);
		if (failed.status() != BuildStatus.FAILED) {
			throw new BuildStateException(failed, "only a build that is being written can be given up");
		}
		ended(own, failed);
		return failed;
	}

	BuildInfo seal(OpenBuild build) {
		this.parts.store().flush();
		boolean joined = this.parts.permits().isHeld(build.buildStrate());
		BuildInfo sealed = inTransactionOf(build.buildStrate(), () -> {
			BuildInfo found = this.parts.table().lock(build.buildStrate());
			if (found.status().isReadable()) {
				return found;
			}
			if (found.status() != BuildStatus.BUILDING) {
				throw new BuildStateException(found, "it cannot be sealed; open a new build");
			}
			Map<String, Long> counts = this.parts.sealer().check(found, build.isEmptyAllowed(), this.parts.store());
			this.parts.table().insertRowCounts(build.buildStrate(), counts);
			this.parts.table().setStatus(build.buildStrate(), BuildStatus.SEALED, null);
			return Objects.requireNonNull(this.parts.table().find(build.buildStrate()));
		});
		if (this.open.remove(build.buildStrate()) != null) {
			afterCommit(joined, () -> {
				this.parts.sealer().analyze(sealed);
				ChunkWriter.notify(build.listeners(), (listener) -> listener.sealed(sealed));
			});
		}
		return sealed;
	}

	/**
	 * Runs a change of a build's status in a transaction of its own; but if the caller's
	 * transaction has locked the build for its own rows, as part of that one, since a new
	 * one would wait for it for ever. The caller's transaction then writes no more rows
	 * to it.
	 */
	private BuildInfo inTransactionOf(UUID buildStrate, Supplier<BuildInfo> change) {
		if (!this.parts.permits().isHeld(buildStrate)) {
			return Objects.requireNonNull(this.parts.newTransaction().execute((transaction) -> change.get()));
		}
		BuildInfo changed = change.get();
		this.parts.permits().revoke(buildStrate);
		return changed;
	}

	private static void afterCommit(boolean joined, Runnable action) {
		if (!joined) {
			action.run();
			return;
		}
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				action.run();
			}
		});
	}

	BuildInfo end(OpenBuild build, String reason) {
		BuildInfo failed = markFailed(build.buildStrate(), reason);
		ended(build, failed);
		return failed;
	}

	private void ended(@Nullable OpenBuild own, BuildInfo failed) {
		if (own == null) {
			return;
		}
		own.stop(failed);
		if (this.open.remove(own.buildStrate()) != null && failed.status() == BuildStatus.FAILED) {
			ChunkWriter.notify(own.listeners(), (listener) -> listener.failed(failed));
		}
	}

	/** Waits for chunks in flight; whoever comes later finds the build failed. */
	private BuildInfo markFailed(UUID buildStrate, String reason) {
		return inTransactionOf(buildStrate, () -> {
			BuildInfo found = this.parts.table().lock(buildStrate);
			if (found.status() != BuildStatus.BUILDING) {
				return found;
			}
			this.parts.table().setStatus(buildStrate, BuildStatus.FAILED, reason);
			return Objects.requireNonNull(this.parts.table().find(buildStrate));
		});
	}

	boolean isOpen(OpenBuild build) {
		return this.open.containsKey(build.buildStrate());
	}

	/** Sends what repositories have collected while they may still write to the build. */
	void flush() {
		this.parts.store().flush();
	}

	BuildSettings settings() {
		return this.parts.settings();
	}

	BoundBuilds bound() {
		return this.parts.bound();
	}

	private void beat() {
		for (UUID buildStrate : this.open.keySet()) {
			try {
				this.parts.newTransaction().executeWithoutResult((transaction) -> this.parts.table().beat(buildStrate));
			}
			catch (RuntimeException ex) {
				logger.warn("Heartbeat of build {} failed; the next one may succeed: {}", buildStrate, ex.toString());
			}
		}
	}

	@Override
	public void close() {
		this.heartbeat.shutdownNow();
	}

}
