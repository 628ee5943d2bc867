package io.strates.store;

import java.time.Duration;

/**
 * How queued writes are written.
 *
 * @param interval how long a write waits in the queue at most, while all goes well
 * @param threshold how many pending ids cause a flush at once
 * @param batchSize at most how many writes one transaction holds
 * @param capacity at most how many ids may be pending
 * @param maxAttempts how often the database may refuse a write before it is given up
 * @param firstDelay how long to wait after the first failure; doubles with each
 * @param longestDelay at most how long to wait after a failure
 * @param patience how long a write waits for room, or for the journal
 * @param flushLimit how long a flush that somebody waits for may take
 * @param closeLimit how long the last flush may take, of all stores together
 * @param lease how long a node that has died keeps others from flushing
 * @since 0.1.0
 */
public record WriteBehindSettings(Duration interval, int threshold, int batchSize, int capacity, int maxAttempts,
		Duration firstDelay, Duration longestDelay, Duration patience, Duration flushLimit, Duration closeLimit,
		Duration lease) {

	/** The settings of a queue that nobody has set anything for. */
	public static final WriteBehindSettings DEFAULTS = new WriteBehindSettings(Duration.ofMillis(500), 100, 500,
			100_000, 5, Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofSeconds(30), Duration.ofSeconds(5));

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if one is not positive, except for the patience
	 * and the limits
	 */
	public WriteBehindSettings {
		positive(interval, "interval");
		positive(threshold, "threshold");
		positive(batchSize, "batchSize");
		positive(capacity, "capacity");
		positive(maxAttempts, "maxAttempts");
		positive(firstDelay, "firstDelay");
		positive(longestDelay, "longestDelay");
		positive(lease, "lease");
	}

	private static void positive(Duration value, String name) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(
					"Write-behind setting " + name + " is " + value + "; set a positive duration");
		}
	}

	private static void positive(int value, String name) {
		if (value < 1) {
			throw new IllegalArgumentException("Write-behind setting " + name + " is " + value + "; set at least 1");
		}
	}

	WriteBehindSettings flushedEvery(Duration time) {
		return new WriteBehindSettings(time, this.threshold, this.batchSize, this.capacity, this.maxAttempts,
				this.firstDelay, this.longestDelay, this.patience, this.flushLimit, this.closeLimit, this.lease);
	}

	WriteBehindSettings flushedAt(int pending) {
		return new WriteBehindSettings(this.interval, pending, this.batchSize, this.capacity, this.maxAttempts,
				this.firstDelay, this.longestDelay, this.patience, this.flushLimit, this.closeLimit, this.lease);
	}

	WriteBehindSettings inBatchesOf(int writes) {
		return new WriteBehindSettings(this.interval, this.threshold, writes, this.capacity, this.maxAttempts,
				this.firstDelay, this.longestDelay, this.patience, this.flushLimit, this.closeLimit, this.lease);
	}

	WriteBehindSettings bounded(int pending, Duration patience) {
		return new WriteBehindSettings(this.interval, this.threshold, this.batchSize, pending, this.maxAttempts,
				this.firstDelay, this.longestDelay, patience, this.flushLimit, this.closeLimit, this.lease);
	}

	WriteBehindSettings endingWithin(Duration limit) {
		return new WriteBehindSettings(this.interval, this.threshold, this.batchSize, this.capacity, this.maxAttempts,
				this.firstDelay, this.longestDelay, this.patience, limit, limit, this.lease);
	}

	WriteBehindSettings leasedFor(Duration time) {
		return new WriteBehindSettings(this.interval, this.threshold, this.batchSize, this.capacity, this.maxAttempts,
				this.firstDelay, this.longestDelay, this.patience, this.flushLimit, this.closeLimit, time);
	}

}
