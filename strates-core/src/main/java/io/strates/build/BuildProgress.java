package io.strates.build;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * How far a build is.
 *
 * @since 0.1.0
 */
public interface BuildProgress {

	/**
	 * Returns the id of the build.
	 * @return the build
	 */
	UUID buildStrate();

	/**
	 * Returns the scope of the build.
	 * @return the scope
	 */
	String scope();

	/**
	 * Returns the entity whose rows were just committed.
	 * @return the entity's name
	 */
	String entity();

	/**
	 * Returns how many rows the chunk has that was just committed.
	 * @return the number of rows
	 */
	long chunk();

	/**
	 * Returns how many rows of each entity are committed.
	 * @return the counts by the entity's name
	 */
	Map<String, Long> rows();

	/**
	 * Returns how long the build has been open.
	 * @return the time since it was opened
	 */
	Duration elapsed();

	/**
	 * Returns how many rows are committed in all.
	 * @return the sum of all counts
	 */
	default long total() {
		return rows().values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Returns the average rate since the build was opened.
	 * @return rows per second
	 */
	default double rate() {
		return total() / Math.max(elapsed().toNanos() / 1e9, 1e-9);
	}

}
