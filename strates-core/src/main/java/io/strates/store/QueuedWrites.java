package io.strates.store;

import java.util.List;

/**
 * The writes of a store that are acknowledged and not yet in the database, and those that
 * the database has refused for good.
 *
 * @since 0.1.0
 */
public interface QueuedWrites {

	/**
	 * Lists what is queued.
	 * @param limit at most how many
	 * @return the ids as texts, the oldest first
	 * @throws io.strates.cache.TierUnavailableException if the journal does not answer
	 */
	List<String> queued(int limit);

	/**
	 * Lists what the database has refused for good.
	 * @param limit at most how many
	 * @return the writes
	 * @throws io.strates.cache.TierUnavailableException if the journal does not answer
	 */
	List<DeadLetter> dead(int limit);

	/**
	 * Queues a write again that was refused for good. It replaces whatever a transaction
	 * has written of the entity since; a write that was queued since has dropped it.
	 * @param id the id of the entity as a text
	 * @return whether there was one
	 * @throws io.strates.cache.TierUnavailableException if the journal does not answer
	 */
	boolean retry(String id);

	/**
	 * Drops a write that was refused for good.
	 * @param id the id of the entity as a text
	 * @return whether there was one
	 * @throws io.strates.cache.TierUnavailableException if the journal does not answer
	 */
	boolean drop(String id);

}
