package io.strates.store;

/**
 * Is called around what a {@link TieredStore} does, once per entity: a bean per type of
 * entities, with what it needs of these methods. Neither searches nor {@code exists} call
 * them.
 *
 * <p>
 * A <em>before</em> method refuses the operation by throwing; then nothing has happened.
 * An <em>after</em> method is called when the operation has succeeded, in a transaction
 * after its commit, and of a write that is queued when it is in the journal; what it
 * throws is logged and undoes nothing. Entities that are passed are copies of its own.
 *
 * @param <T> the type of the entities
 * @implSpec Thread-safe; called by the thread of the caller, {@link #onWriteError} by the
 * one that flushes, {@link #onEvict} by one of the tiers.
 * @since 0.1.0
 */
public interface StoreHooks<T> {

	/**
	 * Returns which entities it is for.
	 * @return the class
	 */
	Class<T> type();

	/**
	 * An entity is about to be read by its id.
	 * @param id its id
	 */
	default void beforeGet(Object id) {
	}

	/**
	 * An entity was read by its id.
	 * @param entity a copy
	 */
	default void afterGet(T entity) {
	}

	/**
	 * An entity is about to be written.
	 * @param entity a copy; what it holds afterwards is what is written
	 */
	default void beforePut(T entity) {
	}

	/**
	 * An entity was written.
	 * @param entity a copy
	 */
	default void afterPut(T entity) {
	}

	/**
	 * An entity is about to be deleted.
	 * @param id its id
	 */
	default void beforeDelete(Object id) {
	}

	/**
	 * An entity was deleted, or was not there.
	 * @param id its id
	 */
	default void afterDelete(Object id) {
	}

	/**
	 * The memory of this node has given up an entity for want of room. Told soon after,
	 * by a thread of the tiers.
	 * @param id the id of the entity
	 */
	default void onEvict(Object id) {
	}

	/**
	 * A write that was acknowledged in a journal is refused by the database for good. It
	 * is kept there as a dead letter.
	 * @param id the id of the entity
	 * @param cause why it is refused
	 */
	default void onWriteError(Object id, Throwable cause) {
	}

}
