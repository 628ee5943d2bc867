package io.strates.store;

import java.util.List;

/**
 * The table that queued writes end in.
 */
@FunctionalInterface
interface BatchTarget {

	/**
	 * Applies writes in their order, no two of the same id, in the transaction that is
	 * open on this thread. If it throws, or the commit fails, the transaction is rolled
	 * back and the writes are applied again in smaller batches, down to single ones.
	 * @param writes the writes
	 */
	void apply(List<QueuedWrite> writes);

}
