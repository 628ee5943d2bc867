package io.strates.store;

import java.util.Optional;

/**
 * What a {@link TieredStore#transaction transaction} can do. Confined to the thread of
 * the transaction, and over with it.
 *
 * @param <T> the type of the entities
 * @param <ID> the type of their ids
 * @since 0.1.0
 */
public interface StoreTransaction<T, ID> {

	/**
	 * Returns an entity as this transaction sees it.
	 * @param id its id
	 * @return the entity
	 * @throws VetoedException if a hook refuses
	 * @throws StoreUnavailableException if the database does not answer
	 * @throws DecodeFailedException if it does not decrypt
	 */
	Optional<T> find(ID id);

	/**
	 * Inserts an entity, or replaces the one with the same id.
	 * @param entity the entity, which is not changed
	 * @return this transaction
	 * @throws IllegalArgumentException if it has no id
	 * @throws VetoedException if a hook refuses
	 */
	StoreTransaction<T, ID> put(T entity);

	/**
	 * Deletes an entity, if there is one.
	 * @param id its id
	 * @return this transaction
	 * @throws VetoedException if a hook refuses
	 */
	StoreTransaction<T, ID> delete(ID id);

}
