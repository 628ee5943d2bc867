package io.strates.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The writes of one store on their way to the database.
 */
interface WriteQueue {

	/**
	 * Acknowledges writes: when this returns, they reach the database unless it refuses
	 * them for good. Waits while the queue is full.
	 * @param writes the writes, in their order
	 * @throws WriteRefusedException if they were not queued; more than
	 * {@value Intake#CHUNK} writes may have been queued in part, and the exception names
	 * those that were not
	 * @throws WriteUnconfirmedException if that is not known
	 */
	void enqueue(List<QueuedWrite> writes);

	/**
	 * Returns the newest pending writes, which are newer than what the database holds.
	 * Ask before reading the database.
	 * @param ids the ids
	 * @return the writes by id, without those that have none
	 * @throws io.strates.cache.TierUnavailableException if the journal does not answer
	 */
	Map<String, QueuedWrite> pending(Collection<String> ids);

	/**
	 * Makes way for writes of ids that do not go through this queue: returns when nothing
	 * that was queued of them earlier is pending any more.
	 * @param ids the ids
	 * @throws FlushFailedException if something still is
	 */
	void settle(Collection<String> ids);

	/**
	 * Writes all that is pending to the database, after any flush in progress.
	 * @throws FlushFailedException if something could not be written
	 */
	void flush();

	WriteJournal.Counts counts();

}
