package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A value of a snapshot, and what is known of it.
 *
 * @param <T> the type of the value
 * @since 0.1.0
 */
public interface SnapshotValue<T> {

	/**
	 * The name of the metadata, a collection of texts, by which values can be forgotten
	 * together.
	 * @see ResourcePublisher#invalidateTagged(String)
	 */
	String TAGS = "tags";

	/**
	 * Returns the resource.
	 * @return the key
	 */
	ResourceKey<T> key();

	/**
	 * Returns the value.
	 * @return the value
	 */
	T value();

	/**
	 * Returns where the value comes from.
	 * @return the name of the source or publisher
	 */
	String source();

	/**
	 * Returns when the value was true.
	 * @return the time; of a derived value, that of the oldest input
	 */
	Instant observedAt();

	/**
	 * Returns when the value was read, from its source or from the cache.
	 * @return the time
	 */
	Instant fetchedAt();

	/**
	 * Returns how old the value was when it was taken into the snapshot.
	 * @return the age, never negative
	 */
	Duration age();

	/**
	 * Returns whether the value was older than fresh when it was taken, or derived from
	 * one that was.
	 * @return whether it is stale
	 */
	boolean isStale();

	/**
	 * Returns whether the value was in the cache.
	 * @return {@code false} if its source was asked for this snapshot
	 */
	boolean isFromCache();

	/**
	 * Returns how long the source took.
	 * @return the time of the call, zero for a value from the cache
	 */
	Duration latency();

	/**
	 * Returns how often the source was called.
	 * @return the number of attempts, zero for a published value
	 */
	int attempts();

	/**
	 * Returns how much the value's source is trusted, compared to others.
	 * @return the rank
	 */
	int authority();

	/**
	 * Returns what names this revision of the resource, and no other.
	 * @return an opaque text
	 */
	String revisionId();

	/**
	 * Returns the revisions of what a derived value was computed from.
	 * @return the revision of each input, empty for a value that is not derived
	 */
	Map<ResourceKey<?>, String> inputs();

	/**
	 * Returns what the source said of the value, and what happened on its way.
	 * @return an immutable map
	 */
	Map<String, Object> metadata();

}
