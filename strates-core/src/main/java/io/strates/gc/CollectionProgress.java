package io.strates.gc;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * How far the removal of one build is.
 *
 * @since 0.1.0
 */
public interface CollectionProgress {

	/**
	 * Returns the id of the build that is removed.
	 * @return the build
	 */
	UUID buildStrate();

	/**
	 * Returns the scope of the build.
	 * @return the scope
	 */
	String scope();

	/**
	 * Returns the table whose rows were just removed.
	 * @return the name of the table
	 */
	String table();

	/**
	 * Returns how many rows the transaction has removed that was just committed.
	 * @return the number of rows
	 */
	long batch();

	/**
	 * Returns how many rows of the build are removed by this run.
	 * @return the counts by the name of the table
	 */
	Map<String, Long> rows();

	/**
	 * Returns how long the run has taken.
	 * @return the time since the collection began
	 */
	Duration elapsed();

	/**
	 * Returns how many rows of the build are removed by this run in all.
	 * @return the sum of all counts
	 */
	default long total() {
		return rows().values().stream().mapToLong(Long::longValue).sum();
	}

}
