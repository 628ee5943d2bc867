package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a source sees of the snapshot that asks first. A call is shared with others that
 * ask meanwhile, and goes on for them after the first has given up.
 *
 * @since 0.1.0
 */
public interface FetchContext {

	/**
	 * Returns the name of the snapshot.
	 * @return the identifier
	 */
	String snapshotId();

	/**
	 * Returns when the snapshot was asked for.
	 * @return the time
	 */
	Instant requestedAt();

	/**
	 * Returns how long an answer is of use to anybody who waits for it at this moment.
	 * @return the time that is left, zero if it is over, or {@code null} without a
	 * deadline
	 */
	@Nullable Duration remaining();

	/**
	 * Returns what the caller gave to the snapshot.
	 * @return an immutable map
	 */
	Map<String, Object> metadata();

}
