package io.strates.snapshot;

import java.util.Set;

/**
 * A source that computes a value from other resources of the same snapshot.
 *
 * <p>
 * <b>Consistency:</b> its inputs are those of the snapshot itself, each at one revision.
 * What is computed is as stale as the most stale input, was observed with the oldest one,
 * and goes from the cache when one of them changes.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public non-sealed interface DerivedSource<T> extends Source<T> {

	/**
	 * Returns what a value is computed from. Must not wait.
	 * @param key the key
	 * @return the keys of the inputs
	 */
	Set<ResourceKey<?>> dependencies(ResourceKey<T> key);

	/**
	 * Computes a value.
	 * @param key the key
	 * @param inputs the inputs, all of them present
	 * @param context who asks
	 * @return the value
	 * @throws Exception if it cannot be computed
	 * @implSpec Called as {@link SingleSource#fetch} is. No slot is taken while inputs
	 * are resolved.
	 */
	SourcePayload<T> derive(ResourceKey<T> key, Snapshot inputs, FetchContext context) throws Exception;

}
