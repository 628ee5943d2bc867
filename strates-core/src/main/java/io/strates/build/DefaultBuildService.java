package io.strates.build;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.strates.entity.StratifiedSchema;
import io.strates.internal.BoundBuilds;
import io.strates.internal.UuidV7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Builds whose metadata stand in the database. Closing it ends the heartbeat.
 */
final class DefaultBuildService implements BuildService {

	private static final Logger logger = LoggerFactory.getLogger(DefaultBuildService.class);

	private static final int MAX_SCOPE_ID = 128;

	private final Parts parts;

	private final UuidV7 uuids;

	private final OpenBuilds open = new OpenBuilds();

	private final BranchSlots branchSlots;

	private final Heartbeat heartbeat;

	/**
	 * What the service is made of.
	 *
	 * @param schema the stratified tables, asked for when the first build is opened
	 * @param table the metadata rows
	 * @param permits locks builds for writing
	 * @param store how entities become rows
	 * @param sealer checks and counts rows at the seal
	 * @param statistics gathered for the planner
	 * @param bound where repositories find the build that a thread works on
	 * @param transaction joins the caller's transaction
	 * @param newTransaction runs a transaction of its own
	 * @param settings how builds are written
	 * @param listeners told of every build
	 * @param clock the source of UUIDs' milliseconds and of elapsed times
	 */
	record Parts(Supplier<StratifiedSchema> schema, BuildTable table, WritePermits permits, RowStore store,
			BuildSealer sealer, TableStatistics statistics, BoundBuilds bound, TransactionOperations transaction,
			TransactionOperations newTransaction, BuildSettings settings, BuildListeners listeners,
			InstantSource clock) {
	}

	DefaultBuildService(Parts parts) {
		this.parts = parts;
		this.uuids = new UuidV7(parts.clock());
		this.branchSlots = new BranchSlots(parts.settings().parallelism());
		this.heartbeat = new Heartbeat(parts, this.open);
	}

	@Override
	public Build open(String scope, String scopeId, BuildOptions options) {
		requireNamed(scope, scopeId);
		Objects.requireNonNull(options, "The options are null; leave them out or use BuildOptions.defaults()");
		StratifiedSchema schema = this.parts.schema().get();
		schema.model().root(scope);
		if (scopeId.isBlank() || scopeId.length() > MAX_SCOPE_ID) {
			throw new IllegalArgumentException("Scope id '" + scopeId + "' of scope '" + scope
					+ "' is refused; use 1 to " + MAX_SCOPE_ID + " characters");
		}
		UUID buildStrate = this.uuids.next();
		BuildInfo opened = inNewTransaction(() -> {
			this.parts.table().insert(buildStrate, scope, scopeId, this.parts.settings().owner(), options);
			return Objects.requireNonNull(this.parts.table().find(buildStrate));
		});
		ChunkWriter writer = new ChunkWriter(opened, options, this.parts, new WriteOrder(schema, scope));
		this.open.add(opened, writer);
		writer.listeners().tell((listener) -> listener.opened(opened));
		return new OpenBuild(this, opened, writer);
	}

	private static void requireNamed(String scope, String scopeId) {
		Objects.requireNonNull(scope, "The scope is null; name one that an entity declares with @Stratified");
		Objects.requireNonNull(scopeId,
				() -> "The scope id is null; name the aggregate of scope '" + scope + "' that is meant");
	}

	@Override
	public BuildInfo get(UUID buildStrate) {
		requireId(buildStrate);
		BuildInfo found = this.parts.transaction().execute((transaction) -> this.parts.table().find(buildStrate));
		if (found == null) {
			throw new BuildNotFoundException(buildStrate);
		}
		return found;
	}

	@Override
	public List<BuildInfo> list(String scope, String scopeId) {
		requireNamed(scope, scopeId);
		this.parts.schema().get().model().root(scope);
		List<BuildInfo> builds = this.parts.transaction()
			.execute((transaction) -> this.parts.table().list(scope, scopeId));
		return (builds != null) ? builds : List.of();
	}

	@Override
	public List<BuildInfo> list(String scope, String scopeId, int limit) {
		requireNamed(scope, scopeId);
		this.parts.schema().get().model().root(scope);
		if (limit < 1) {
			throw new IllegalArgumentException("The limit of builds to return is " + limit + "; use 1 or more");
		}
		List<BuildInfo> builds = this.parts.transaction()
			.execute((transaction) -> this.parts.table().list(scope, scopeId, limit));
		return (builds != null) ? builds : List.of();
	}

	@Override
	public BuildInfo fail(UUID buildStrate, String reason) {
		requireId(buildStrate);
		Objects.requireNonNull(reason, "The reason is null; say for people why the build is given up");
		if (this.parts.permits().isHeld(buildStrate)) {
			throw new IllegalStateException("Build " + buildStrate + " has rows of the current transaction, which would"
					+ " wait for itself; close the build, or give it up after the transaction");
		}
		ChunkWriter own = this.open.find(buildStrate);
		BuildInfo failed = markFailed(buildStrate, reason);
		if (failed.status() != BuildStatus.FAILED) {
			throw new BuildStateException(failed, "only a build that is being written can be given up");
		}
		if (own != null) {
			ended(own, failed);
		}
		return failed;
	}

	private static void requireId(UUID buildStrate) {
		Objects.requireNonNull(buildStrate, "The id of the build is null; a build tells it with buildStrate()");
	}

	/*
	 * A change of a build's status is a transaction of its own, unless the caller's has
	 * locked the build for rows of its own: a new one would wait for that for ever. Then
	 * a seal becomes part of the caller's transaction, and a failure waits for its end.
	 */

	BuildInfo seal(OpenBuild build) {
		this.parts.store().flush();
		if (!this.parts.permits().isHeld(build.buildStrate())) {
			BuildInfo sealed = inNewTransaction(() -> sealLocked(build));
			sealed(build, sealed);
			return sealed;
		}
		this.parts.sealer().requireFreshReads(build.toString());
		BuildInfo sealed = sealLocked(build);
		this.parts.permits().revoke(build.buildStrate());
		this.open.remove(build.buildStrate());
		afterCompletion((committed) -> {
			if (committed) {
				told(build, sealed);
			}
			else {
				ended(build.writer(),
						markFailed(build.buildStrate(), "the transaction that sealed it was rolled back"));
			}
		});
		return sealed;
	}

	private BuildInfo sealLocked(OpenBuild build) {
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
	}

	private void sealed(OpenBuild build, BuildInfo sealed) {
		if (this.open.remove(build.buildStrate())) {
			told(build, sealed);
		}
	}

	private void told(OpenBuild build, BuildInfo sealed) {
		try {
			this.parts.newTransaction().executeWithoutResult((transaction) -> this.parts.statistics().analyze(sealed));
		}
		catch (RuntimeException ex) {
			logger.debug("Statistics of {} were not refreshed: {}", sealed.describe(), ex.toString());
		}
		build.writer().listeners().tell((listener) -> listener.sealed(sealed));
	}

	BuildInfo end(OpenBuild build, String reason) {
		if (!this.parts.permits().isHeld(build.buildStrate())) {
			BuildInfo failed = markFailed(build.buildStrate(), reason);
			ended(build.writer(), failed);
			return failed;
		}
		build.writer().stop(build.opened());
		this.open.remove(build.buildStrate());
		afterCompletion((committed) -> ended(build.writer(), markFailed(build.buildStrate(), reason)));
		return build.opened();
	}

	private void ended(ChunkWriter own, BuildInfo failed) {
		own.stop(failed);
		this.open.remove(failed.buildStrate());
		if (failed.status() == BuildStatus.FAILED && own.isFirstEnd()) {
			own.listeners().tell((listener) -> listener.failed(failed));
		}
	}

	/** Waits for chunks in flight; whoever comes later finds the build failed. */
	private BuildInfo markFailed(UUID buildStrate, String reason) {
		return inNewTransaction(() -> this.parts.table().fail(this.parts.table().lock(buildStrate), reason));
	}

	private BuildInfo inNewTransaction(Supplier<BuildInfo> work) {
		return Objects.requireNonNull(this.parts.newTransaction().execute((transaction) -> work.get()));
	}

	private static void afterCompletion(Consumer<Boolean> action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCompletion(int status) {
				action.accept(status == STATUS_COMMITTED);
			}
		});
	}

	boolean isOpen(OpenBuild build) {
		return this.open.contains(build.buildStrate());
	}

	/** Sends what repositories have collected while they may still write to the build. */
	void flush() {
		this.parts.store().flush();
	}

	BuildSettings settings() {
		return this.parts.settings();
	}

	BranchSlots branchSlots() {
		return this.branchSlots;
	}

	BoundBuilds bound() {
		return this.parts.bound();
	}

	@Override
	public void close() {
		this.heartbeat.close();
	}

}
