package io.strates.snapshot;

import java.util.Locale;

/**
 * What can be found of a builder, in the order in which it is looked for.
 *
 * @since 0.1.0
 */
public enum HealthReason {

	/** The builder is closed. */
	BUILDER_CLOSED,

	/** The transport of a source gives up later than its calls are waited for. */
	UNSAFE_BLOCKING_SOURCE,

	/** Calls of sources wait for their turn. */
	SOURCE_CAPACITY_WAITING,

	/** Many publications wait. */
	PUBLICATION_BACKLOG_HIGH,

	/** A source is not asked, since it failed of late. */
	CIRCUIT_OPEN,

	/** A source that failed of late is being tried. */
	CIRCUIT_HALF_OPEN,

	/** The builder was closed, and calls of sources have not ended in time. */
	SHUTDOWN_INCOMPLETE,

	/** More calls did not get their turn in time. */
	QUEUE_TIMEOUTS_INCREASED,

	/** More calls did not end in time. */
	SOURCE_TIMEOUTS_INCREASED,

	/** More calls took longer than their transport was to allow. */
	SOURCE_TRANSPORT_TIMEOUT_VIOLATIONS_INCREASED,

	/** More snapshots were not done in time. */
	DEADLINES_EXCEEDED_INCREASED,

	/** More revalidations of sessions failed. */
	REVALIDATION_FAILURES_INCREASED,

	/** More reads or writes of the cache failed. */
	CACHE_FAILURES_INCREASED,

	/** More listeners threw. */
	LISTENER_FAILURES_INCREASED;

	/**
	 * Returns the name of this reason in documents.
	 * @return the name, which never changes
	 */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

}
