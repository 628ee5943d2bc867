package io.strates.store;

/**
 * Finds the table of a type of entities.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface EntityTables {

	/**
	 * Finds the table of a type.
	 * @param type the type
	 * @param <T> the type
	 * @return its table
	 * @throws StoreDefinitionException if the type cannot be held by tiers
	 */
	<T> EntityTable<T, ?> table(Class<T> type);

}
