package io.strates.build;

import java.util.List;
import java.util.UUID;

import io.strates.entity.StratifiedType;

/**
 * How entities become rows: the seam between the writer of a build and the persistence
 * provider.
 *
 * @implSpec Thread-safe. {@link #insert} is called inside the chunk's transaction, which
 * has locked the build; the other methods outside any.
 * @since 0.1.0
 */
public interface RowStore {

	/**
	 * Returns an entity with all new entities that its associations cascade to.
	 * @param entity a stratified entity
	 * @return the entities, parents before children
	 */
	List<Object> reachable(Object entity);

	/**
	 * Sets the build of an entity that has none.
	 * @param entity the entity
	 * @param buildStrate the build
	 * @return whether this call has set it: of several threads that reach the entity, one
	 * writes it
	 */
	boolean claim(Object entity, UUID buildStrate);

	/**
	 * Takes an entity apart for a build. Claims it, and generates its id, where it has
	 * none.
	 * @param type the type of the entity
	 * @param entity the entity
	 * @param buildStrate the build that the row is for
	 * @return what {@link #insert} needs to store it
	 */
	Object row(StratifiedType type, Object entity, UUID buildStrate);

	/**
	 * Returns the value of the attribute that holds the scope id.
	 * @param type a type that has such an attribute
	 * @param entity the entity
	 * @return the value as text, or {@code "null"}
	 */
	String scopeId(StratifiedType type, Object entity);

	/**
	 * Stores rows of one type.
	 * @param type the type
	 * @param rows what {@link #row} returned for each
	 */
	void insert(StratifiedType type, List<Object> rows);

}
