package io.strates.query;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The read models of one build.
 *
 * <p>
 * <b>Consistency:</b> all values are of the build of {@link #pin()}, for as long as this
 * object is used, whatever is released meanwhile. <b>Concurrency:</b> thread-safe.
 * <b>Lifecycle:</b> it holds nothing and need not be closed; once its build is collected,
 * what is not cached has no value.
 *
 * @since 0.1.0
 */
public interface PinnedReads {

	/**
	 * Returns the build that is read.
	 * @return the pin
	 */
	Pin pin();

	/**
	 * Returns a value.
	 * @param type the type of a declared read model
	 * @param id the id
	 * @param <V> the type of the values
	 * @return the value, or {@code null} if the build has none of that id
	 * @throws IllegalArgumentException if no such read model is declared for the scope,
	 * or its ids are of another type
	 * @throws io.strates.cache.LoadFailedException if the load of another thread was
	 * awaited, and failed or did not end in time
	 */
	<V> @Nullable V get(Class<V> type, Object id);

	/**
	 * Returns a value, if there is one.
	 * @param type the type of a declared read model
	 * @param id the id
	 * @param <V> the type of the values
	 * @return the value, or nothing if the build has none of that id
	 * @throws IllegalArgumentException if no such read model is declared for the scope,
	 * or its ids are of another type
	 * @throws io.strates.cache.LoadFailedException if the load of another thread was
	 * awaited, and failed or did not end in time
	 */
	default <V> Optional<V> find(Class<V> type, Object id) {
		return Optional.ofNullable(get(type, id));
	}

	/**
	 * Returns several values, with at most one round trip to the second tier and one call
	 * of the loader.
	 * @param type the type of a declared read model
	 * @param ids the ids
	 * @param <ID> the type of the ids
	 * @param <V> the type of the values
	 * @return the values by id, in the order of the ids, without those that the build
	 * does not have
	 * @throws IllegalArgumentException if no such read model is declared for the scope,
	 * or its ids are of another type
	 * @throws io.strates.cache.LoadFailedException if the load of another thread was
	 * awaited, and failed or did not end in time
	 */
	<ID, V> Map<ID, V> getAll(Class<V> type, Collection<ID> ids);

}
