package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a snapshot came about. The counts are those of the whole session, if it is one's.
 *
 * @since 0.1.0
 */
public interface SnapshotDiagnostics {

	/**
	 * Returns how long it took.
	 * @return the time
	 */
	Duration duration();

	/**
	 * Returns how many resources were asked for.
	 * @return the number of keys, without inputs of derived ones
	 */
	int requested();

	/**
	 * Returns how many have a value.
	 * @return the number
	 */
	int resolved();

	/**
	 * Returns how many have none.
	 * @return the number
	 */
	int failed();

	/**
	 * Returns one of the counts.
	 * @param count which one
	 * @return the number
	 */
	long count(Count count);

	/**
	 * Returns how far the times lie apart at which the values were observed.
	 * @return from the oldest to the newest, zero for fewer than two
	 */
	Duration skew();

	/**
	 * Returns how often each source was called.
	 * @return the calls by name of the source
	 */
	Map<String, Long> callsBySource();

	/**
	 * Returns how long the calls of each source took together.
	 * @return the sum by name of the source
	 */
	Map<String, Duration> latencyBySource();

	/**
	 * Returns what went wrong without failing the snapshot, such as a cache that did not
	 * answer.
	 * @return one sentence each
	 */
	List<String> warnings();

	/**
	 * What is counted.
	 *
	 * @since 0.1.0
	 */
	enum Count {

		/** Resources that were in the cache and could be used. */
		CACHE_HITS,

		/** Resources that were not, or were too old. */
		CACHE_MISSES,

		/** Reads of many resources from the cache at once. */
		CACHE_READS,

		/** Writes to the cache. */
		CACHE_WRITES,

		/** Values that are stale. */
		STALE_VALUES,

		/** Values that another snapshot was reading already. */
		COALESCED,

		/** Calls of sources of all kinds. */
		SOURCE_CALLS,

		/** Calls of batch sources. */
		BATCH_CALLS,

		/** Calls of derived sources. */
		DERIVED_CALLS,

		/** Parts into which calls of batch sources were cut. */
		BATCH_CHUNKS,

		/** Attempts after the first. */
		RETRIES,

		/** Next sources that were asked before the one before had answered. */
		HEDGES,

		/** Resources that are read anew in the background. */
		REFRESHES_SCHEDULED,

		/** Those that were. */
		REFRESHES_COMPLETED,

		/** Those that could not be. */
		REFRESHES_FAILED,

		/** Values that were refused since they come from the future. */
		FUTURE_OBSERVATIONS

	}

}
