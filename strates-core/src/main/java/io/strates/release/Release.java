package io.strates.release;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One move of the pointer of a scope id, as the release log keeps it.
 *
 * @since 0.1.0
 */
public interface Release {

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
	 * Returns the place of this move among those of its scope id.
	 * @return 1, 2, 3 …
	 */
	long number();

	/**
	 * Returns the build that became live.
	 * @return the id of the build
	 */
	UUID buildStrate();

	/**
	 * Returns the build that was live before.
	 * @return the id of a build, or {@code null} for the first release
	 */
	@Nullable UUID previousStrate();

	/**
	 * Returns why the pointer moved.
	 * @return the kind
	 */
	ReleaseKind kind();

	/**
	 * Returns the release whose state a rollback restored.
	 * @return its number, or {@code null} if this is no rollback
	 */
	@Nullable Long restoredRelease();

	/**
	 * Returns the release that this one overwrote on purpose although it was not based on
	 * it.
	 * @return its number, or {@code null} if nothing was overwritten
	 */
	@Nullable Long overwrittenRelease();

	/**
	 * Returns the reason that was given.
	 * @return the reason, or {@code null} if none was needed
	 */
	@Nullable String reason();

	/**
	 * Returns when the pointer moved: the database's clock, later than every earlier
	 * release of the scope id.
	 * @return the time, in microseconds
	 */
	Instant releasedAt();

	/**
	 * Names the release as messages do.
	 * @return scope, scope id and number
	 */
	default String describe() {
		return "Release " + number() + " of " + scope() + "/" + scopeId();
	}

}
