package io.strates.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable answer assembled from sources: a value or an error for each resource that
 * was asked for.
 *
 * <p>
 * <b>Consistency:</b> a resource has one revision in a snapshot, whether it was asked
 * for, is the input of a derived one, or both. <b>Concurrency:</b> thread-safe.
 *
 * @since 0.1.0
 */
public interface Snapshot {

	/**
	 * Returns what names this snapshot.
	 * @return the identifier
	 */
	String id();

	/**
	 * Returns when it was asked for.
	 * @return the time
	 */
	Instant createdAt();

	/**
	 * Returns the value of a resource.
	 * @param key the resource
	 * @param <T> the type of the value
	 * @return the value
	 * @throws StratesException the error of the resource, if it could not be resolved
	 * @throws IllegalArgumentException if the resource was not asked for
	 * @throws ClassCastException if the value is of another type than the key's
	 */
	<T> T get(ResourceKey<T> key);

	/**
	 * Returns the value of a resource, if it has one.
	 * @param key the resource
	 * @param <T> the type of the value
	 * @return the value, empty if it could not be resolved or was not asked for
	 * @throws ClassCastException if the value is of another type than the key's
	 */
	<T> Optional<T> find(ResourceKey<T> key);

	/**
	 * Returns what became of a resource.
	 * @param key the resource
	 * @param <T> the type of the value
	 * @return the value with what is known of it, or the error
	 * @throws IllegalArgumentException if the resource was not asked for
	 */
	<T> ResourceResult<T> result(ResourceKey<T> key);

	/**
	 * Returns all values, in the order in which they were asked for.
	 * @return an immutable map
	 */
	Map<ResourceKey<?>, SnapshotValue<?>> values();

	/**
	 * Returns the errors of what could not be resolved.
	 * @return an immutable map
	 */
	Map<ResourceKey<?>, StratesException> errors();

	/**
	 * Returns the error of a resource.
	 * @param key the resource
	 * @return why it could not be resolved, or {@code null} if it could
	 */
	default @Nullable StratesException error(ResourceKey<?> key) {
		return errors().get(key);
	}

	/**
	 * Returns the resources whose values are stale.
	 * @return their keys
	 */
	Set<ResourceKey<?>> staleKeys();

	/**
	 * Returns whether all that was asked for has a value.
	 * @return whether there are no errors
	 */
	default boolean isComplete() {
		return errors().isEmpty();
	}

	/**
	 * Returns how this snapshot came about.
	 * @return the counts
	 */
	SnapshotDiagnostics diagnostics();

}
