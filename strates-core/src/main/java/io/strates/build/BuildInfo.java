package io.strates.build;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What the metadata say of a build at the moment of asking.
 *
 * @since 0.1.0
 */
public interface BuildInfo {

	/**
	 * Returns the id of the build.
	 * @return a UUID of version 7
	 */
	UUID buildStrate();

	/**
	 * Returns the kind of aggregate.
	 * @return the scope
	 */
	String scope();

	/**
	 * Returns which aggregate of that kind.
	 * @return the scope id
	 */
	String scopeId();

	/**
	 * Returns what has become of the build.
	 * @return the status
	 */
	BuildStatus status();

	/**
	 * Returns the label given when the build was opened.
	 * @return the label, or {@code null}
	 */
	@Nullable String label();

	/**
	 * Returns the free metadata given when the build was opened.
	 * @return the metadata by name
	 */
	Map<String, String> metadata();

	/**
	 * Returns the node that writes, or wrote, the build.
	 * @return the name of the node
	 */
	String owner();

	/**
	 * Returns the release that was live when the build was opened: what a release of this
	 * build replaces.
	 * @return the release number, or 0 if nothing was released
	 */
	long baseRelease();

	/**
	 * Returns the build that was live when this one was opened.
	 * @return the id of a build, or {@code null} if nothing was released
	 */
	@Nullable UUID baseStrate();

	/**
	 * Returns when the build was opened, by the database's clock.
	 * @return the time
	 */
	Instant createdAt();

	/**
	 * Returns when the build was sealed.
	 * @return the time, or {@code null} if it was not
	 */
	@Nullable Instant sealedAt();

	/**
	 * Returns when the build failed, was rejected or collected.
	 * @return the time of the last of these, or {@code null}
	 */
	@Nullable Instant endedAt();

	/**
	 * Returns why the build failed.
	 * @return the reason, or {@code null} if it did not fail
	 */
	@Nullable String failure();

	/**
	 * Returns how many rows of each entity the sealed build holds.
	 * @return the counts by the entity's name; empty before the seal
	 */
	Map<String, Long> rowCounts();

	/**
	 * Names the build as messages do.
	 * @return scope, scope id and the id of the build
	 */
	default String describe() {
		return "Build " + buildStrate() + " of " + scope() + "/" + scopeId();
	}

}
