package io.strates.snapshot;

import java.util.Set;

/**
 * A source that is asked for many keys at a time.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public non-sealed interface BatchSource<T> extends Source<T> {

	/**
	 * Answers for many keys with one call.
	 * @param keys the keys, in the order of the request, at most as many as
	 * {@link SourceOptions#maxBatchSize()} says
	 * @param context who asks
	 * @return a value or a failure for each key that the source knows; keys that are left
	 * out go to the next source, keys that were not asked for are an error
	 * @throws SourceUnavailableException if the source has no values now
	 * @throws Exception if the call fails for all keys
	 * @implSpec Called as {@link SingleSource#fetch} is; it takes one slot, however many
	 * keys there are.
	 */
	BatchAnswer<T> fetchAll(Set<ResourceKey<T>> keys, FetchContext context) throws Exception;

}
