package io.strates.release;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildStatus;
import io.strates.build.BuildTable;
import io.strates.entity.StratifiedModel;
import io.strates.internal.Arguments;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Releases whose pointers and log stand in the database. */
/*
 * Locks are taken in one order: the row of the build that becomes live, then the pointer,
 * then the row of the build that a rollback leaves. The first keeps garbage collection
 * from taking the build away between the check of its status and the move; the second is
 * the compare-and-set itself. Collection locks a build's row and reads the pointer
 * without locking it, so the two cannot wait for each other in a circle.
 *
 * It is one thing because releasing and rolling back are the same move under that order;
 * what only reads the log is short and needs nothing of its own.
 */
final class DefaultReleaseService implements ReleaseService {

	private static final Logger logger = LoggerFactory.getLogger(DefaultReleaseService.class);

	private final StratifiedModel model;

	private final ReleaseTable releases;

	private final BuildTable builds;

	private final TransactionOperations transaction;

	private final ReleaseWatcher watcher;

	private final List<ReleasePreparation> preparations;

	/** The builds that each transaction has released and not committed yet. */
	private final TransactionMemory<Set<UUID>> uncommitted = new TransactionMemory<>(HashSet::new);

	DefaultReleaseService(StratifiedModel model, ReleaseTable releases, BuildTable builds,
			TransactionOperations transaction, ReleaseWatcher watcher, List<ReleasePreparation> preparations) {
		this.model = model;
		this.releases = releases;
		this.builds = builds;
		this.transaction = transaction;
		this.watcher = watcher;
		this.preparations = List.copyOf(preparations);
	}

	@Override
	public Release release(UUID buildStrate, ReleaseOptions options) {
		Arguments.notNull(buildStrate, "buildStrate");
		Arguments.notNull(options, "options");
		prepare(buildStrate);
		return publish(() -> release(this.builds.lock(buildStrate), options));
	}

	private void prepare(UUID buildStrate) {
		if (this.preparations.isEmpty() || TransactionSynchronizationManager.isActualTransactionActive()) {
			return;
		}
		Replacement next = this.transaction.execute((transaction) -> next(buildStrate));
		if (next != null) {
			prepare(next.build(), next.live());
		}
	}

	private @Nullable Replacement next(UUID buildStrate) {
		BuildInfo build = this.builds.find(buildStrate);
		if (build == null || build.status() != BuildStatus.SEALED) {
			return null;
		}
		Release live = this.releases.current(build.scope(), build.scopeId());
		return (live != null) ? new Replacement(build, live) : null;
	}

	private void prepare(BuildInfo build, Release live) {
		for (ReleasePreparation preparation : this.preparations) {
			try {
				preparation.prepare(build, live);
			}
			catch (RuntimeException ex) {
				logger.warn("{} did not prepare for {}, which is released all the same", preparation, build.describe(),
						ex);
			}
		}
	}

	@Override
	public Release release(String scope, String scopeId, UUID buildStrate, ReleaseOptions options) {
		check(scope, scopeId);
		Arguments.notNull(buildStrate, "buildStrate");
		Arguments.notNull(options, "options");
		prepare(buildStrate);
		return publish(() -> {
			BuildInfo build = lock(scope, scopeId, buildStrate);
			if (!build.scope().equals(scope) || !build.scopeId().equals(scopeId)) {
				throw notOf(scope, scopeId, buildStrate, " but of " + build.scope() + "/" + build.scopeId());
			}
			return release(build, options);
		});
	}

	private BuildInfo lock(String scope, String scopeId, UUID buildStrate) {
		try {
			return this.builds.lock(buildStrate);
		}
		catch (BuildNotFoundException ex) {
			throw notOf(scope, scopeId, buildStrate, "");
		}
	}

	private static BuildNotFoundException notOf(String scope, String scopeId, UUID buildStrate, String but) {
		return new BuildNotFoundException(buildStrate, "Build " + buildStrate + " is not a build of " + scope + "/"
				+ scopeId + but + "; list the builds of " + scope + "/" + scopeId);
	}

	private Move release(BuildInfo build, ReleaseOptions options) {
		Release live = this.releases.current(build.scope(), build.scopeId());
		if (live != null && live.buildStrate().equals(build.buildStrate())) {
			return new Move(live, false);
		}
		requireReleasable(build, options);
		long liveNumber = (live != null) ? live.number() : 0;
		boolean overwrites = liveNumber != build.baseRelease();
		// The base of a rejected build is past by nature.
		boolean restores = build.status() == BuildStatus.REJECTED;
		if (overwrites && !options.isOverwrite() && !restores) {
			throw conflict(build, live);
		}
		move(build, live);
		this.builds.setStatus(build.buildStrate(), BuildStatus.RELEASED, null);
		this.releases.log(build.scope(), build.scopeId(), ReleaseKind.RELEASE, null, overwrites ? liveNumber : null,
				options.reason());
		return moved(build);
	}

	private static void requireReleasable(BuildInfo build, ReleaseOptions options) {
		switch (build.status()) {
			case SEALED -> {
			}
			case BUILDING -> throw new ReleaseRefusedException(build, "seal it first");
			case RELEASED -> throw new ReleaseRefusedException(build,
					"it was live before and was replaced; restore it with rollBack(…, RollbackTarget.release(n), reason)");
			case REJECTED -> {
				if (!options.isRejectedAllowed()) {
					throw new ReleaseRefusedException(build, "a rollback left it; if it may be live again, say so with"
							+ " ReleaseOptions.defaults().evenIfRejected(reason)");
				}
			}
			default -> throw new ReleaseRefusedException(build, "open a new build");
		}
	}

	@Override
	public Release rollBack(String scope, String scopeId, RollbackTarget target, String reason) {
		check(scope, scopeId);
		Arguments.notNull(target, "target");
		ReleaseOptions.requireReason(reason);
		return publish(() -> {
			Release live = this.releases.current(scope, scopeId);
			if (live == null) {
				throw new NothingReleasedException(scope, scopeId);
			}
			return rollBack(live, resolve(live, target), target, reason);
		});
	}

	private Move rollBack(Release live, Release restored, RollbackTarget target, String reason) {
		if (restored.buildStrate().equals(live.buildStrate())) {
			return new Move(live, false);
		}
		BuildInfo build = this.builds.lock(restored.buildStrate());
		boolean named = target instanceof RollbackTarget.Numbered;
		if (build.status() != BuildStatus.RELEASED && !(build.status() == BuildStatus.REJECTED && named)) {
			throw new ReleaseRefusedException(build,
					(build.status() == BuildStatus.REJECTED)
							? "a rollback left it; name it with RollbackTarget.release(" + restored.number()
									+ ") if it may be live again"
							: "its rows are gone; roll back to a release that is kept");
		}
		move(build, live);
		this.builds.setStatus(build.buildStrate(), BuildStatus.RELEASED, null);
		this.builds.setStatus(live.buildStrate(), BuildStatus.REJECTED, null);
		this.releases.log(live.scope(), live.scopeId(), ReleaseKind.ROLLBACK, origin(restored).number(), null, reason);
		return moved(build);
	}

	private Release resolve(Release live, RollbackTarget target) {
		if (target instanceof RollbackTarget.Numbered number) {
			return get(live.scope(), live.scopeId(), number.number());
		}
		if (target instanceof RollbackTarget.AsOf asOf) {
			return asOf(live.scope(), live.scopeId(), asOf.instant())
				.orElseThrow(() -> new ReleaseNotFoundException(live.scope(), live.scopeId(), null,
						"Nothing was released for " + live.scope() + "/" + live.scopeId() + " at " + asOf.instant()
								+ "; its first release came later"));
		}
		return previous(live);
	}

	/**
	 * The newest release before the one whose state is live that was neither itself a
	 * rollback nor rejected since.
	 */
	private Release previous(Release live) {
		Release previous = this.releases.previous(live.scope(), live.scopeId(), origin(live).number(),
				live.buildStrate());
		if (previous == null) {
			throw new ReleaseNotFoundException(live.scope(), live.scopeId(), null, live.describe()
					+ " has no earlier state to roll back to; the live build " + live.buildStrate() + " stays live");
		}
		return previous;
	}

	private Release origin(Release release) {
		Long restored = release.restoredRelease();
		return (restored != null) ? get(release.scope(), release.scopeId(), restored) : release;
	}

	private void move(BuildInfo build, @Nullable Release live) {
		if (!tryMove(build, live)) {
			throw conflict(build, this.releases.latest(build.scope(), build.scopeId()));
		}
	}

	private boolean tryMove(BuildInfo build, @Nullable Release live) {
		try {
			return this.releases.move(build.scope(), build.scopeId(), (live != null) ? live.buildStrate() : null,
					(live != null) ? live.number() : 0, build.buildStrate());
		}
		catch (ConcurrencyFailureException ex) {
			// After this the transaction may be unable to read what is live.
			ReleaseConflictException conflict = conflict(build, null);
			conflict.initCause(ex);
			throw conflict;
		}
	}

	private ReleaseConflictException conflict(BuildInfo build, @Nullable Release live) {
		if (live == null) {
			return ReleaseConflictException.withUnknown(build);
		}
		Set<UUID> own = this.uncommitted.find();
		if (own != null && own.contains(live.buildStrate())) {
			return ReleaseConflictException.withOwn(build, live);
		}
		String owner = this.releases.owner(live.buildStrate());
		return ReleaseConflictException.withOther(build, live, (owner != null) ? owner : "unknown");
	}

	/**
	 * Runs a move and has it told: at once if the move was a transaction of its own, else
	 * by the watcher's thread once the caller's transaction has committed. A listener
	 * thus never runs inside a transaction that has ended but still holds its resources.
	 */
	private Release publish(Supplier<Move> work) {
		boolean joined = TransactionSynchronizationManager.isActualTransactionActive();
		Move move = inTransaction(() -> {
			Move made = work.get();
			if (joined && made.moved()) {
				note(made.release());
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
					@Override
					public void afterCommit() {
						DefaultReleaseService.this.watcher.committedAround(made.release());
					}
				});
			}
			return made;
		});
		if (!joined && move.moved()) {
			this.watcher.committed(move.release());
		}
		return move.release();
	}

	private void note(Release made) {
		Set<UUID> own = this.uncommitted.open();
		if (own != null) {
			own.add(made.buildStrate());
		}
	}

	private Move moved(BuildInfo build) {
		return new Move(Objects.requireNonNull(this.releases.current(build.scope(), build.scopeId())), true);
	}

	/**
	 * What a release is about to do.
	 *
	 * @param build the build that is to become live
	 * @param live what it replaces
	 */
	private record Replacement(BuildInfo build, Release live) {
	}

	/**
	 * What a request to move the pointer came to.
	 *
	 * @param release the release that is live
	 * @param moved whether the request made it so
	 */
	private record Move(Release release, boolean moved) {
	}

	@Override
	public Optional<Release> current(String scope, String scopeId) {
		check(scope, scopeId);
		return Optional.ofNullable(this.transaction.execute((transaction) -> this.releases.current(scope, scopeId)));
	}

	@Override
	public List<Release> current(String scope) {
		checkScope(scope);
		return inTransaction(() -> this.releases.current(scope));
	}

	@Override
	public List<Release> history(String scope, String scopeId) {
		check(scope, scopeId);
		return inTransaction(() -> this.releases.history(scope, scopeId, Integer.MAX_VALUE));
	}

	@Override
	public List<Release> history(String scope, String scopeId, int limit) {
		check(scope, scopeId);
		if (limit < 1) {
			throw new IllegalArgumentException("The limit of releases to return is " + limit + "; use 1 or more");
		}
		return inTransaction(() -> this.releases.history(scope, scopeId, limit));
	}

	@Override
	public Release get(String scope, String scopeId, long number) {
		check(scope, scopeId);
		return inTransaction(() -> {
			Release found = this.releases.find(scope, scopeId, number);
			if (found == null) {
				Release live = this.releases.current(scope, scopeId);
				throw new ReleaseNotFoundException(scope, scopeId, number, "Release " + number + " of " + scope + "/"
						+ scopeId + " does not exist; "
						+ ((live != null) ? "releases 1 to " + live.number() + " do" : "nothing is released there"));
			}
			return found;
		});
	}

	@Override
	public Optional<Release> asOf(String scope, String scopeId, Instant instant) {
		check(scope, scopeId);
		Arguments.notNull(instant, "instant");
		return Optional.ofNullable(this.transaction.execute((transaction) -> {
			if (this.releases.isInFuture(instant)) {
				throw new IllegalArgumentException("Instant " + instant
						+ " is in the future by the database's clock, where the answer could still change; use an"
						+ " instant that has passed");
			}
			return this.releases.asOf(scope, scopeId, instant);
		}));
	}

	private void check(String scope, String scopeId) {
		checkScope(scope);
		Arguments.notNull(scopeId, "scopeId");
	}

	private void checkScope(String scope) {
		this.model.root(Arguments.notNull(scope, "scope"));
	}

	private <T> T inTransaction(Supplier<T> work) {
		return Objects.requireNonNull(this.transaction.execute((transaction) -> work.get()));
	}

}
