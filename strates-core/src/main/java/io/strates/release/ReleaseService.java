package io.strates.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.strates.build.BuildTable;
import io.strates.entity.StratifiedModel;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Releases builds, rolls back, and tells what is live: the front door of publishing.
 *
 * {@snippet class = io.strates.SnippetsTests region = release}
 *
 * <p>
 * <b>Consistency:</b> the pointer moves only from the release that the build was based
 * on; of two that race, one gets a {@link ReleaseConflictException}. What is told is the
 * state that the caller's transaction sees. <b>Atomicity:</b> a release is one
 * transaction, or part of the caller's: pointer, status of the build and log row, in time
 * that does not depend on the size of the build. Listeners are told after the commit.
 * <b>Concurrency:</b> thread-safe; waits only for another release of the same scope id to
 * commit. <b>Failures:</b> besides those that a method names, a {@code null} argument is
 * refused with a {@link NullPointerException} that names it, and the database's own
 * failures arrive as {@link org.springframework.dao.DataAccessException}.
 *
 * @since 0.1.0
 */
public interface ReleaseService {

	/**
	 * Creates a service whose pointers and log stand in the database.
	 * @param model the declared scopes
	 * @param releases the pointers and their log
	 * @param builds the metadata rows of builds
	 * @param transaction joins the caller's transaction, else runs one at READ COMMITTED
	 * @param watcher tells this node and the others
	 * @return the service
	 */
	static ReleaseService of(StratifiedModel model, ReleaseTable releases, BuildTable builds,
			TransactionOperations transaction, ReleaseWatcher watcher) {
		return of(model, releases, builds, transaction, watcher, List.of());
	}

	/**
	 * Creates a service whose pointers and log stand in the database, and that prepares
	 * for releases.
	 * @param model the declared scopes
	 * @param releases the pointers and their log
	 * @param builds the metadata rows of builds
	 * @param transaction joins the caller's transaction, else runs one at READ COMMITTED
	 * @param watcher tells this node and the others
	 * @param preparations called in turn before a pointer moves
	 * @return the service
	 */
	static ReleaseService of(StratifiedModel model, ReleaseTable releases, BuildTable builds,
			TransactionOperations transaction, ReleaseWatcher watcher, List<ReleasePreparation> preparations) {
		return new DefaultReleaseService(model, releases, builds, transaction, watcher, preparations);
	}

	/**
	 * Releases a sealed build. Releasing the live build changes nothing.
	 * @param buildStrate the id of the build
	 * @return the release that is live now
	 * @throws io.strates.build.BuildNotFoundException if there is no such build
	 * @throws ReleaseRefusedException if the build is not sealed: it is being written,
	 * has failed, was live before, was rejected by a rollback, or is collected
	 * @throws ReleaseConflictException if something else was released since the build was
	 * opened, also by the same transaction
	 */
	default Release release(UUID buildStrate) {
		return release(buildStrate, ReleaseOptions.defaults());
	}

	/**
	 * Releases a sealed build with options. Releasing the live build changes nothing.
	 * @param buildStrate the id of the build
	 * @param options what the release may do beyond the safe default
	 * @return the release that is live now
	 * @throws io.strates.build.BuildNotFoundException if there is no such build
	 * @throws ReleaseRefusedException if the build is not sealed, unless it was rejected
	 * by a rollback and the options allow that
	 * @throws ReleaseConflictException if something else was released since the build was
	 * opened, unless the options overwrite it; or if another transaction moves the
	 * pointer at the same time
	 */
	Release release(UUID buildStrate, ReleaseOptions options);

	/**
	 * Releases a sealed build as the state of a certain scope id. Releasing the live
	 * build changes nothing.
	 * @param scope the scope that the build must be of
	 * @param scopeId the scope id that the build must be of
	 * @param buildStrate the id of the build
	 * @param options what the release may do beyond the safe default
	 * @return the release that is live now
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws io.strates.build.BuildNotFoundException if the scope id has no such build
	 * @throws ReleaseRefusedException as {@link #release(UUID, ReleaseOptions)} does
	 * @throws ReleaseConflictException as {@link #release(UUID, ReleaseOptions)} does
	 */
	Release release(String scope, String scopeId, UUID buildStrate, ReleaseOptions options);

	/**
	 * Restores an earlier state: a new release of its build, logged as a rollback. The
	 * build that was live becomes {@code REJECTED}. Restoring the live build changes
	 * nothing.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param target the state to restore
	 * @param reason why, for those who read the log; mandatory
	 * @return the release that is live now
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the reason is blank, longer than 4000
	 * characters or contains NUL, or the target is an instant in the future
	 * @throws NothingReleasedException if the scope id has no release
	 * @throws ReleaseNotFoundException if there is no such earlier release
	 * @throws ReleaseRefusedException if its build is collected, or was rejected and is
	 * not named by its release number
	 * @throws ReleaseConflictException if another transaction moves the pointer at the
	 * same time
	 */
	Release rollBack(String scope, String scopeId, RollbackTarget target, String reason);

	/**
	 * Returns the live release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the newest row of the log, or nothing if there was no release
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	Optional<Release> current(String scope, String scopeId);

	/**
	 * Returns the live releases of a scope.
	 * @param scope a declared scope
	 * @return the newest release of each scope id, in the order of the scope ids
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	List<Release> current(String scope);

	/**
	 * Returns the release log. It grows with every release and is never cut; where that
	 * may be much, {@linkplain #history(String, String, int) limit} it.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return all releases, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	List<Release> history(String scope, String scopeId);

	/**
	 * Returns the end of the release log.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param limit how many releases to return at most
	 * @return the newest releases, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the limit is not positive
	 */
	List<Release> history(String scope, String scopeId, int limit);

	/**
	 * Returns one release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param number the release number
	 * @return the release
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws ReleaseNotFoundException if there is no such release
	 */
	Release get(String scope, String scopeId, long number);

	/**
	 * Returns the release that was live at an instant.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param instant an instant that is not in the future, by the database's clock
	 * @return the release, or nothing if the first release came later
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the instant is in the future, where the answer
	 * could still change
	 */
	Optional<Release> asOf(String scope, String scopeId, Instant instant);

}
