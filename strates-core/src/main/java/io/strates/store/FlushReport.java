package io.strates.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one flush has done and what it has left.
 *
 * @param written how many entries it has brought into the database
 * @param refused the ids that the database refused and that are tried again
 * @param dead the ids that were given up
 * @param heldElsewhere whether another node was flushing, so that this one could not
 * @param remaining how many ids are pending, or -1 if that is not known
 * @param outage why the flush ended early, if it did
 * @param refusal what the database said to the last entry that it refused, if any
 */
record FlushReport(long written, List<String> refused, List<String> dead, boolean heldElsewhere, long remaining,
		@Nullable Throwable outage, @Nullable Throwable refusal) {

	static final FlushReport NOTHING = new FlushReport(0, List.of(), List.of(), false, 0, null, null);

	static final FlushReport ELSEWHERE = new FlushReport(0, List.of(), List.of(), true, -1, null, null);

	static FlushReport interrupted(Throwable outage) {
		return new FlushReport(0, List.of(), List.of(), false, -1, outage, null);
	}

	boolean complete() {
		return !this.heldElsewhere && cause() == null;
	}

	@Nullable Throwable cause() {
		return (this.outage != null) ? this.outage : this.refusal;
	}

	FlushReport withRemaining(long pending) {
		return new FlushReport(this.written, this.refused, this.dead, this.heldElsewhere, pending, this.outage,
				this.refusal);
	}

}
