package io.strates.build;

import java.util.List;
import java.util.UUID;

/**
 * Opens builds and tells of them: the front door of writing.
 *
 * <p>
 * Thread-safe. Each method is a transaction of its own unless the caller is in one,
 * except {@link #open}, whose row is committed at once so that other nodes see it.
 *
 * @since 0.1.0
 */
public interface BuildService {

	/**
	 * Opens a build.
	 * @param scope a declared scope
	 * @param scopeId the aggregate to build, 1 to 128 characters
	 * @return the open build; to be closed
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the scope id is blank or too long
	 */
	default Build open(String scope, String scopeId) {
		return open(scope, scopeId, BuildOptions.defaults());
	}

	/**
	 * Opens a build with a label, metadata or a listener of its own.
	 * @param scope a declared scope
	 * @param scopeId the aggregate to build, 1 to 128 characters
	 * @param options what else to say of the build
	 * @return the open build; to be closed
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the scope id is blank or too long
	 */
	Build open(String scope, String scopeId, BuildOptions options);

	/**
	 * Returns a build.
	 * @param buildStrate the id of the build
	 * @return what the metadata say of it
	 * @throws BuildNotFoundException if there is none
	 */
	BuildInfo get(UUID buildStrate);

	/**
	 * Returns the builds of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the builds, the newest first
	 */
	List<BuildInfo> list(String scope, String scopeId);

	/**
	 * Returns the newest builds of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param limit how many builds to return at most
	 * @return the builds, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the limit is not positive
	 */
	List<BuildInfo> list(String scope, String scopeId, int limit);

	/**
	 * Gives up a build that is being written, also by another node: its writer's next
	 * chunk is refused.
	 * @param buildStrate the id of the build
	 * @param reason why, for people
	 * @return the failed build
	 * @throws BuildNotFoundException if there is none
	 * @throws BuildStateException if the build is sealed, released or collected
	 */
	BuildInfo fail(UUID buildStrate, String reason);

}
