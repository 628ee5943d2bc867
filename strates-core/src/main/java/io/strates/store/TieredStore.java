package io.strates.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheInspection;
import org.jspecify.annotations.Nullable;

/**
 * Entities of one type that change, read from the memory of the node, from Redis or from
 * the database, and written to all of them.
 *
 * <p>
 * <b>Consistency:</b> who has written reads what was written or something newer; other
 * nodes do as soon as the message has come that is sent before each commit. An older
 * state never replaces a newer one in any tier. Each caller gets entities of its own,
 * detached; changing them changes nothing else. What is written past the store has to be
 * told with {@link #invalidate}.
 *
 * <p>
 * <b>Transactions:</b> a write joins the transaction of its caller, or has one of its
 * own. After a write, reads of the same transaction go to the database and are not kept.
 * A transaction of the caller leaves nothing of what it wrote in the caches: the next
 * read loads it. A type whose mode is {@link WriteMode#WRITE_BEHIND} is written through
 * inside transactions.
 *
 * <p>
 * <b>Atomicity:</b> each method writes all or nothing; of more than a thousand entities
 * that are queued at once, some may be when the rest is refused. <b>Concurrency:</b>
 * thread-safe; everything happens in the thread of the caller. A read that finds another
 * loading the same waits for it, no longer than the load timeout of the settings; a write
 * waits for the database, and while it is queued, for room in the queue.
 * <b>Lifecycle:</b> made and closed by {@link TieredStores}; afterwards it throws
 * {@link StoreClosedException}. <b>Failures:</b> a tier that is away makes reads slower;
 * a database that is away lets reads fail that no tier can answer. Writes that are queued
 * fail with {@link WriteRefusedException} if the journal is full or away, and with
 * {@link WriteUnconfirmedException} if it does not answer; writes of such a type inside
 * transactions with {@link FlushFailedException} if older writes of the same ids cannot
 * leave the queue.
 *
 * @param <T> the type of the entities
 * @param <ID> the type of their ids
 * @since 0.1.0
 */
public interface TieredStore<T, ID> {

	/**
	 * Returns the name of the store.
	 * @return the name
	 */
	String name();

	/**
	 * Returns an entity.
	 * @param id its id
	 * @return the entity
	 * @throws EntityNotFoundException if there is none
	 * @throws StoreUnavailableException if no tier has it and the database does not
	 * answer
	 * @throws DecodeFailedException if it does not decrypt
	 * @throws VetoedException if a hook refuses
	 */
	T get(ID id);

	/**
	 * Returns an entity, if there is one.
	 * @param id its id
	 * @return the entity
	 * @throws StoreUnavailableException if no tier has it and the database does not
	 * answer
	 * @throws DecodeFailedException if it does not decrypt
	 * @throws VetoedException if a hook refuses
	 */
	Optional<T> find(ID id);

	/**
	 * Returns an entity, if there is one, and which tier it comes from.
	 * @param id its id
	 * @return the answer
	 * @throws StoreUnavailableException if no tier has it and the database does not
	 * answer
	 * @throws DecodeFailedException if it does not decrypt
	 * @throws VetoedException if a hook refuses
	 */
	CacheAnswer<T> lookUp(ID id);

	/**
	 * Returns several entities, with at most one statement.
	 * @param ids their ids
	 * @return the entities by id, in the order of the ids, without those that are not
	 * there
	 * @throws StoreUnavailableException if no tier has one of them and the database does
	 * not answer
	 * @throws DecodeFailedException if one does not decrypt
	 * @throws VetoedException if a hook refuses
	 */
	Map<ID, T> getAll(Collection<? extends ID> ids);

	/**
	 * Returns whether there is an entity.
	 * @param id its id
	 * @return whether there is
	 * @throws StoreUnavailableException if no tier knows and the database does not answer
	 * @throws DecodeFailedException if it does not decrypt
	 */
	boolean exists(ID id);

	/**
	 * Inserts an entity, or replaces the one with the same id.
	 * @param entity the entity, which is not changed
	 * @throws IllegalArgumentException if it has no id
	 * @throws VetoedException if a hook refuses
	 * @throws WriteRejectedException if the database refuses
	 * @throws WriteOutcomeUnknownException if the commit was not answered
	 * @throws StoreUnavailableException if the database does not answer
	 * @throws EncodeFailedException if caches cannot hold it
	 */
	void put(T entity);

	/**
	 * Inserts or replaces several entities, all or none, in one statement as a rule.
	 * @param entities the entities
	 * @throws IllegalArgumentException if one has no id, or two have the same
	 * @throws VetoedException if a hook refuses one
	 * @throws WriteRejectedException if the database refuses one
	 * @throws WriteOutcomeUnknownException if the commit was not answered
	 * @throws StoreUnavailableException if the database does not answer
	 * @throws EncodeFailedException if caches cannot hold one
	 */
	void putAll(Collection<? extends T> entities);

	/**
	 * Deletes an entity, if there is one.
	 * @param id its id
	 * @throws VetoedException if a hook refuses
	 * @throws WriteRejectedException if the database refuses
	 * @throws WriteOutcomeUnknownException if the commit was not answered
	 * @throws StoreUnavailableException if the database does not answer
	 */
	void delete(ID id);

	/**
	 * Deletes several entities, all or none.
	 * @param ids their ids
	 * @throws VetoedException if a hook refuses one
	 * @throws WriteRejectedException if the database refuses one
	 * @throws WriteOutcomeUnknownException if the commit was not answered
	 * @throws StoreUnavailableException if the database does not answer
	 */
	void deleteAll(Collection<? extends ID> ids);

	/**
	 * Runs several writes as one: all or nothing, each once. What the work throws undoes
	 * all of them, and is thrown to the caller unless the database is its cause.
	 * @param work what is to be done; entities of this type are changed by what it is
	 * given only
	 * @param <R> the type of the result
	 * @return what the work returns
	 * @throws VetoedException if a hook refuses
	 * @throws WriteRejectedException if the database refuses
	 * @throws WriteOutcomeUnknownException if the commit was not answered
	 * @throws StoreUnavailableException if the database does not answer
	 */
	<R extends @Nullable Object> R transaction(Function<StoreTransaction<T, ID>, R> work);

	/**
	 * Finds entities in the database. What is found is kept for reads by id where a read
	 * would keep it, unless it is of some attributes only or the store queues writes;
	 * those that are queued are not found yet.
	 * @param search what is wanted
	 * @return the entities
	 * @throws IllegalArgumentException if the search names anything that is no attribute,
	 * or its text is wrong
	 * @throws StoreUnavailableException if the database does not answer
	 * @throws DecodeFailedException if one does not decrypt
	 */
	List<T> search(Search<T> search);

	/**
	 * Finds entities, in L1 or L2 if the same was asked before and nothing of this type
	 * was written since.
	 * @param search what is wanted
	 * @return the entities, without attributes that caches do not hold
	 * @throws IllegalArgumentException if the search names anything that is no attribute,
	 * its text is wrong, or it cannot be told from others
	 * @throws StoreUnavailableException if no tier has it and the database does not
	 * answer
	 * @throws DecodeFailedException if one does not decrypt
	 */
	List<T> searchCached(Search<T> search);

	/**
	 * Counts what a search would find in the database without its limit and offset;
	 * writes that are queued do not count yet.
	 * @param search what is wanted
	 * @return the number of entities
	 * @throws IllegalArgumentException if the search names anything that is no attribute,
	 * or its text is wrong
	 * @throws StoreUnavailableException if the database does not answer
	 */
	long count(Search<T> search);

	/**
	 * Forgets an entity in all tiers of all nodes, since it was changed past the store;
	 * cached searches go with it. Call it after the change is committed. Where L2 does
	 * not answer, it and the other nodes are told when it is back; until then this node
	 * does not read from it.
	 * @param id its id
	 */
	void invalidate(ID id);

	/**
	 * Forgets all entities of the type, and all cached searches, in all tiers of all
	 * nodes, as {@link #invalidate} does.
	 */
	void invalidateAll();

	/**
	 * Forgets all entities with one value of an attribute, in all tiers of all nodes, as
	 * {@link #invalidate} does; cached searches go with them.
	 * @param attribute the attribute, which is a tag
	 * @param value its value
	 * @throws IllegalArgumentException if the attribute is no tag
	 * @see Tiered#tags()
	 */
	void invalidateTag(String attribute, @Nullable Object value);

	/**
	 * Reads entities into the tiers, a page at a time.
	 * @param limit how many at most, 0 for all
	 * @return how many were read
	 * @throws IllegalArgumentException if the limit is negative
	 * @throws StoreUnavailableException if the database does not answer
	 * @throws DecodeFailedException if one does not decrypt
	 */
	long warm(long limit);

	/**
	 * Brings all writes that are queued, on any node, into the database, if the store
	 * queues any. While another node flushes, it waits, no longer than
	 * {@link WriteBehindSettings#flushLimit()}.
	 * @throws FlushFailedException if something could not be written
	 */
	void flush();

	/**
	 * Returns the writes that are queued.
	 * @return what to see and to do of them, or nothing if the store queues none
	 */
	Optional<QueuedWrites> queuedWrites();

	/**
	 * Returns what operators ask of the store, by the text of an id. To forget an id is
	 * to {@linkplain #invalidate invalidate} it.
	 * @return the inspection, which answers a text that is none of an id with an
	 * {@link IllegalArgumentException}
	 */
	CacheInspection inspection();

	/**
	 * Returns how the store is.
	 * @return the settings in force
	 */
	TieredSettings settings();

	/**
	 * Returns what the store did so far on this node; also when it is closed.
	 * @return the statistics
	 */
	StoreStatistics statistics();

}
