package io.strates.snapshot;

import java.util.Map;

/**
 * Who asks a source: the plan whose call it is.
 *
 * @param snapshotId the name of the snapshot
 * @param requestedAt when it was asked for, in nanoseconds since the epoch
 * @param deadline until when an answer is of use to it, on the monotonic clock
 * @param metadata what the caller gave to it
 * @param counts where its calls are counted
 * @param forced whether what it fetches replaces what was observed at the same time
 * @param refreshing whether it replaces what is in the cache
 * @param apart whether what it fetches stays out of the cache
 */
record Asker(String snapshotId, long requestedAt, long deadline, Map<String, Object> metadata, Counts counts,
		boolean forced, boolean refreshing, boolean apart) {

	/** Without an end. */
	static final long NO_DEADLINE = Long.MAX_VALUE;

	Asker(String snapshotId, long requestedAt, long deadline, Map<String, Object> metadata, Counts counts,
			boolean forced, boolean refreshing) {
		this(snapshotId, requestedAt, deadline, metadata, counts, forced, refreshing, false);
	}

	/** Returns who asks for something else than what is kept. */
	Asker standingApart() {
		return new Asker(this.snapshotId, this.requestedAt, this.deadline, this.metadata, this.counts, true, false,
				true);
	}

}
