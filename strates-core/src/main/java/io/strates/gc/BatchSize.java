package io.strates.gc;

import java.time.Duration;

/**
 * How many rows of a table one transaction removes: as many as take about 100 ms, within
 * bounds. Confined to the thread of a run.
 */
/*
 * What a row costs depends on the table (its indexes, the foreign keys that point at it)
 * and on the load of the moment, so the last batch is asked. A batch that was too slow is
 * followed by one that is smaller in proportion; one that was fast, by one of twice the
 * size. A batch that was not full tells nothing of a full one's time, unless it was slow
 * even so.
 */
final class BatchSize {

	/** How long a batch may take before the next one is smaller. */
	static final Duration GOAL = Duration.ofMillis(100);

	private static final int FIRST = 500;

	/** Below this, what a transaction costs by itself outweighs its rows. */
	private static final int LEAST = 100;

	private final int most;

	private int rows;

	BatchSize(int most) {
		this.most = most;
		this.rows = Math.min(FIRST, most);
	}

	/** Returns how many rows the next batch removes at most. */
	int rows() {
		return this.rows;
	}

	/** Learns from a batch. */
	void took(int changed, Duration time) {
		if (time.compareTo(GOAL) > 0) {
			double share = (double) GOAL.toNanos() / time.toNanos();
			this.rows = Math.max((int) (this.rows * share), Math.min(LEAST, this.most));
		}
		else if (changed >= this.rows && time.multipliedBy(2).compareTo(GOAL) <= 0) {
			this.rows = (int) Math.min(this.rows * 2L, this.most);
		}
	}

}
