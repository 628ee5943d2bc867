package io.strates.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How entities of one type become flat states and back.
 *
 * @param <T> the type of the entities
 * @param <ID> the type of their ids
 * @implSpec Thread-safe.
 * @since 0.1.0
 */
public interface EntityModel<T, ID> {

	/**
	 * Returns the type of the entities.
	 * @return the class
	 */
	Class<T> type();

	/**
	 * Returns the type of their ids.
	 * @return the class, not a primitive one
	 */
	Class<ID> idType();

	/**
	 * Returns the places of a state.
	 * @return the attributes, the id first
	 */
	List<StateAttribute> attributes();

	/**
	 * Takes an entity apart.
	 * @param entity the entity, which keeps nothing in common with the state
	 * @return its state
	 */
	EntityState state(T entity);

	/**
	 * Makes an entity.
	 * @param state its state, which it has nothing in common with
	 * @return the entity
	 */
	T entity(EntityState state);

	/**
	 * Returns the text of an id, which no other id has.
	 * @param id the id
	 * @return the text
	 */
	String idText(ID id);

	/**
	 * Returns an id.
	 * @param text its text
	 * @return the id
	 */
	ID id(String text);

	/**
	 * Returns the id in a state.
	 * @param state the state
	 * @return the id, or {@code null} if it is missing
	 */
	default @Nullable ID idOf(EntityState state) {
		Object id = state.value(0);
		return (id != null) ? idType().cast(id) : null;
	}

}
