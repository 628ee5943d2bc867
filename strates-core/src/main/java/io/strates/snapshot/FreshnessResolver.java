package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Decides for how long a value may be used again.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FreshnessResolver {

	/**
	 * Decides for one resource.
	 * @param key the resource
	 * @return the policy, or {@code null} for that of its type
	 * @implSpec Called for each resource of each snapshot, on the thread of the caller;
	 * must not wait.
	 */
	@Nullable Freshness resolve(ResourceKey<?> key);

}
