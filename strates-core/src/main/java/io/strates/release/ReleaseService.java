package io.strates.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Releases builds, rolls back, and tells what is live: the front door of publishing.
 *
 * {@snippet class = io.strates.SnippetsTests region = release}
 *
 * <p>
 * <b>Atomicity:</b> a release is one transaction, or part of the caller's: pointer,
 * status of the build and log row, in time that does not depend on the size of the build.
 * <b>Consistency:</b> the pointer moves only from the release that the build was based
 * on; of two that race, one gets a {@link ReleaseConflictException}. Listeners are told
 * after the commit. <b>Concurrency:</b> thread-safe; waits only for another release of
 * the same scope id to commit.
 *
 * @since 0.1.0
 */
public interface ReleaseService {

	/**
	 * Releases a sealed build. Releasing the live build changes nothing.
	 * @param buildStrate the id of the build
	 * @return the release that is live now
	 * @throws io.strates.build.BuildNotFoundException if there is no such build
	 * @throws ReleaseRefusedException if its status does not allow it
	 * @throws ReleaseConflictException if something else was released since the build was
	 * opened
	 */
	default Release release(UUID buildStrate) {
		return release(buildStrate, ReleaseOptions.defaults());
	}

	/**
	 * Releases a sealed build with options.
	 * @param buildStrate the id of the build
	 * @param options what the release may do beyond the safe default
	 * @return the release that is live now
	 * @throws io.strates.build.BuildNotFoundException if there is no such build
	 * @throws ReleaseRefusedException if its status does not allow it
	 * @throws ReleaseConflictException if something else was released since the build was
	 * opened, unless that may be overwritten
	 */
	Release release(UUID buildStrate, ReleaseOptions options);

	/**
	 * Releases a sealed build as the state of a certain scope id.
	 * @param scope the scope that the build must be of
	 * @param scopeId the scope id that the build must be of
	 * @param buildStrate the id of the build
	 * @param options what the release may do beyond the safe default
	 * @return the release that is live now
	 * @throws io.strates.build.BuildNotFoundException if the scope id has no such build
	 * @throws ReleaseRefusedException if its status does not allow it
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
	 * @throws NothingReleasedException if the scope id has no release
	 * @throws ReleaseNotFoundException if there is no such earlier release
	 * @throws ReleaseRefusedException if its build is collected or was rejected
	 * @throws ReleaseConflictException if the pointer moved at the same time
	 */
	Release rollBack(String scope, String scopeId, RollbackTarget target, String reason);

	/**
	 * Returns the live release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the newest row of the log, or nothing if there was no release
	 */
	Optional<Release> current(String scope, String scopeId);

	/**
	 * Returns the live releases of a scope.
	 * @param scope a declared scope
	 * @return the newest release of each scope id, in the order of the scope ids
	 */
	List<Release> current(String scope);

	/**
	 * Returns the release log.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return all releases, the newest first
	 */
	List<Release> history(String scope, String scopeId);

	/**
	 * Returns one release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param number the release number
	 * @return the release
	 * @throws ReleaseNotFoundException if there is no such release
	 */
	Release get(String scope, String scopeId, long number);

	/**
	 * Returns the release that was live at an instant.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param instant an instant that is not in the future, by the database's clock
	 * @return the release, or nothing if the first release came later
	 * @throws IllegalArgumentException if the instant is in the future, where the answer
	 * could still change
	 */
	Optional<Release> asOf(String scope, String scopeId, Instant instant);

}
