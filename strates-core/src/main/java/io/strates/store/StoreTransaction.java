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
	 */
	Optional<T> find(ID id);

	/**
	 * Inserts an entity, or replaces the one with the same id.
	 * @param entity the entity
	 * @return this transaction
	 */
	StoreTransaction<T, ID> put(T entity);

	/**
	 * Deletes an entity, if there is one.
	 * @param id its id
	 * @return this transaction
	 */
	StoreTransaction<T, ID> delete(ID id);

}
