package io.strates.snapshot;

/**
 * One origin of values, read only. Implement one of the three kinds, or make one of
 * functions with {@link Sources}.
 *
 * <p>
 * <b>Concurrency:</b> a source is called by several threads at the same time, at most as
 * many as {@link SourceOptions#maxConcurrency()} says. <b>Failures:</b>
 * {@link SourceUnavailableException} and the failures of input and output are tried again
 * as the options say; every other exception is not.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public sealed interface Source<T> permits SingleSource, BatchSource, DerivedSource {

	/**
	 * Returns the name, which properties, meters and errors call it by.
	 * @return the name, unique in a builder
	 */
	String name();

	/**
	 * Returns the type of the resources that this source knows.
	 * @return the type
	 */
	ResourceType<T> type();

	/**
	 * Returns whether this source may know a resource of its type. Called for each key
	 * that is not in the cache; must not wait.
	 * @param key the key
	 * @return {@code true} unless the source is known not to have it
	 */
	default boolean supports(ResourceKey<T> key) {
		return true;
	}

	/**
	 * Returns the order in which sources of a key are asked.
	 * @return the priority; higher ones are asked first, equal ones as they were added
	 */
	default int priority() {
		return 0;
	}

	/**
	 * Returns limits and resilience.
	 * @return the options
	 */
	default SourceOptions options() {
		return SourceOptions.defaults();
	}

}
