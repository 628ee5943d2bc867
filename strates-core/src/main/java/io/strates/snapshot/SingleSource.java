package io.strates.snapshot;

/**
 * A source that is asked for one key at a time.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public non-sealed interface SingleSource<T> extends Source<T> {

	/**
	 * Answers for a key.
	 * @param key the key
	 * @param context who asks
	 * @return the value
	 * @throws SourceUnavailableException if the source has no value, or not now
	 * @throws Exception if the call fails
	 * @implSpec Called on a thread of the builder, or on that of the caller if the
	 * source's options say that it does not block. It is interrupted when nobody waits
	 * any more.
	 */
	SourcePayload<T> fetch(ResourceKey<T> key, FetchContext context) throws Exception;

}
