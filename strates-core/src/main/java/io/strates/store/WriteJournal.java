package io.strates.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The writes of one store that are acknowledged and not yet in the database, in the order
 * in which their ids were first queued, and those that the database has refused for good.
 *
 * <p>
 * There is one entry per id: a newer write takes the place of an older one in the queue.
 * All nodes share a durable journal. One of them at a time moves batches into the
 * database, by {@link #begin}, {@link #claim} and {@link #acknowledge}; claimed entries
 * stay pending until they are acknowledged. It shows a number, the fence, that the
 * database gave it and that grows with each change of hands: whoever comes with a smaller
 * one than another has shown is turned away.
 *
 * @implSpec Thread-safe. Each operation is atomic, and may be carried out twice with the
 * effect of once. Each returns within a short bound of the implementation's own; all
 * throw {@link io.strates.cache.TierUnavailableException} where the journal does not
 * answer, in which case it may have carried out what it was asked; {@link #enqueue} alone
 * says which of the two it is.
 * @since 0.1.0
 */
public interface WriteJournal extends AutoCloseable {

	/**
	 * Makes a journal in the memory of the process: what is in it is lost with it.
	 * @return the journal
	 */
	static WriteJournal inMemory() {
		return new InMemoryJournal();
	}

	/** Returned by {@link #enqueue} if there is no room. */
	long FULL = -1;

	/**
	 * Whether entries survive the process.
	 * @return whether they do
	 */
	boolean durable();

	/**
	 * Queues writes, all or none. A dead letter of the same id is superseded and goes.
	 * @param request names this call: another with the same name within half a minute
	 * does nothing
	 * @param writes the writes, in their order
	 * @param capacity how many ids may be pending afterwards, though ids that are pending
	 * already are always taken
	 * @return how many ids are pending now, or {@link #FULL} if nothing was queued
	 * @throws io.strates.cache.TierUnavailableException if nothing was queued, since the
	 * journal cannot be reached
	 * @throws WriteUnconfirmedException if the journal was asked and did not answer
	 */
	long enqueue(String request, List<QueuedWrite> writes, int capacity);

	/**
	 * Returns the newest pending writes of ids.
	 * @param ids the ids
	 * @return the writes by id, without those that have none
	 */
	Map<String, QueuedWrite> pending(Collection<String> ids);

	/**
	 * Takes over from whoever moved batches before. What was claimed goes if its batch
	 * was applied, else it is no longer claimed.
	 * @param fence the fence of the caller
	 * @param applied the last batch that was committed, or {@code null} if there is none
	 * @param all whether entries that were put off are due now
	 * @return the greatest fence ever shown; if it is not that of the caller, nothing was
	 * done
	 */
	Begun begin(long fence, @Nullable String applied, boolean all);

	/**
	 * Claims the oldest entries, in place of those claimed before.
	 * @param claim what is to be claimed
	 * @return the entries in their order, or {@code null} if somebody else has taken over
	 */
	@Nullable List<Entry> claim(Claim claim);

	/**
	 * Removes the entries of a batch that is committed, except those that were written
	 * again since they were claimed: these remain, as new entries. Does nothing if
	 * another batch is claimed.
	 * @param batch the name of the batch
	 */
	void acknowledge(String batch);

	/**
	 * Puts entries off that the database has refused, unless they were written again, or
	 * somebody else has taken over.
	 * @param fence the fence of the caller
	 * @param refused the entries, each with the number of attempts that counts from now
	 * @param until when they are due again
	 */
	void putOff(long fence, List<Entry> refused, Instant until);

	/**
	 * Turns an entry into a dead letter, unless it was written again, or somebody else
	 * has taken over.
	 * @param fence the fence of the caller
	 * @param entry the entry
	 * @param letter the letter
	 * @return whether it is a dead letter now
	 */
	boolean bury(long fence, Entry entry, DeadLetter letter);

	/**
	 * Counts entries.
	 * @return how many there are
	 */
	Counts counts();

	/**
	 * Lists what is pending.
	 * @param limit at most how many
	 * @return the ids, the oldest first, those put off last
	 */
	List<String> queued(int limit);

	/**
	 * Lists dead letters.
	 * @param limit at most how many
	 * @return the letters, in no order
	 */
	List<DeadLetter> deadLetters(int limit);

	/**
	 * Queues a dead letter again, as the last and with no attempt used up.
	 * @param id the id of the entity
	 * @return whether there was one
	 */
	boolean retry(String id);

	/**
	 * Drops a dead letter.
	 * @param id the id of the entity
	 * @return whether there was one
	 */
	boolean drop(String id);

	@Override
	void close();

	/**
	 * An entry that was claimed.
	 *
	 * @param write the write
	 * @param version the number of the write, which grows with each of the store
	 * @param attempts how often the database has refused it
	 * @since 0.1.0
	 */
	record Entry(QueuedWrite write, long version, int attempts) {
	}

	/**
	 * The answer to whoever takes over.
	 *
	 * @param fence the greatest fence ever shown
	 * @param mark the number of the last write that was queued
	 * @since 0.1.0
	 */
	record Begun(long fence, long mark) {
	}

	/**
	 * What is to be claimed.
	 *
	 * @param fence the fence of the caller
	 * @param batch names the batch, unlike any other
	 * @param mark the number of the last write whose first queuing counts
	 * @param due entries that were put off count if they are due at this time
	 * @param limit at most how many
	 * @since 0.1.0
	 */
	record Claim(long fence, String batch, long mark, Instant due, int limit) {
	}

	/**
	 * How many entries there are.
	 *
	 * @param pending the ids that are pending, claimed or not
	 * @param dead the dead letters
	 * @since 0.1.0
	 */
	record Counts(long pending, long dead) {
	}

}
