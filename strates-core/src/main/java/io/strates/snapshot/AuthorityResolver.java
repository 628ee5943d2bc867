package io.strates.snapshot;

/**
 * Decides how much a source is trusted for a resource, compared to others. While a value
 * is fresh, one of a lower rank does not replace it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AuthorityResolver {

	/**
	 * Decides for one resource.
	 * @param key the resource
	 * @param source the name of the source or publisher
	 * @return the rank; a higher one is trusted more
	 * @implSpec Called whenever a value comes; must not wait.
	 */
	int rank(ResourceKey<?> key, String source);

}
