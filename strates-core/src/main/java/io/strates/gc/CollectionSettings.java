package io.strates.gc;

import java.time.Duration;

/**
 * How garbage collection removes rows.
 *
 * @param batchSize how many rows one transaction removes at most
 * @param pause how long to wait between two such transactions
 * @param lease how long a node that does not renew its claim keeps others from collecting
 * @param owner the name of this node
 */
record CollectionSettings(int batchSize, Duration pause, Duration lease, String owner) {

	private static final int MAX_OWNER = 200;

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if the batch size or the lease is not positive,
	 * the pause is negative or half the lease or longer, or the owner is blank or too
	 * long
	 */
	CollectionSettings {
		requireBatchSize(batchSize);
		if (lease.isNegative() || lease.isZero()) {
			throw new IllegalArgumentException(
					"The lease of garbage collection is " + lease + "; use a positive duration, for example 1m");
		}
		if (pause.isNegative() || pause.multipliedBy(2).compareTo(lease) >= 0) {
			throw new IllegalArgumentException("The pause of garbage collection between two batches is " + pause
					+ "; use a duration that is not negative and shorter than half the lease of " + lease);
		}
		requireOwner(owner);
	}

	static int requireBatchSize(int batchSize) {
		if (batchSize < 1) {
			throw new IllegalArgumentException(
					"The batch size of garbage collection is " + batchSize + "; use 1 or more, for example 5000");
		}
		return batchSize;
	}

	static String requireOwner(String owner) {
		if (owner.isBlank() || owner.length() > MAX_OWNER) {
			throw new IllegalArgumentException(
					"The owner of garbage collection is '" + owner + "'; use 1 to " + MAX_OWNER + " characters");
		}
		return owner;
	}

}
