package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A revision as one snapshot has taken it.
 *
 * @param revision the revision
 * @param at when it was taken, in nanoseconds since the epoch
 * @param isFromCache whether it was in the cache
 * @param isStale whether it was older than fresh, or computed from what was
 * @param extra what happened on its way
 * @param <T> the type of the value
 */
record Taken<T>(Revision<T> revision, long at, boolean isFromCache, boolean isStale,
		Map<String, Object> extra) implements SnapshotValue<T> {

	@Override
	public ResourceKey<T> key() {
		return this.revision.key();
	}

	@Override
	public T value() {
		return this.revision.value();
	}

	@Override
	public String source() {
		return this.revision.source();
	}

	@Override
	public Instant observedAt() {
		return SnapshotTime.instant(this.revision.observedAt());
	}

	@Override
	public Instant fetchedAt() {
		return SnapshotTime.instant(this.isFromCache ? this.at : this.revision.fetchedAt());
	}

	@Override
	public Duration age() {
		return Duration.ofNanos(this.revision.age(this.at));
	}

	@Override
	public Duration latency() {
		return this.isFromCache ? Duration.ZERO : Duration.ofNanos(this.revision.latency());
	}

	@Override
	public int attempts() {
		return this.revision.attempts();
	}

	@Override
	public int authority() {
		return this.revision.authority();
	}

	@Override
	public String revisionId() {
		return this.revision.id();
	}

	@Override
	public Map<ResourceKey<?>, String> inputs() {
		return this.revision.inputs();
	}

	@Override
	public Map<String, Object> metadata() {
		if (this.extra.isEmpty()) {
			return this.revision.metadata();
		}
		Map<String, Object> all = new HashMap<>(this.revision.metadata());
		all.putAll(this.extra);
		return Map.copyOf(all);
	}

	/** Returns this with a value that is the reader's own. */
	@SuppressWarnings("ReferenceEquality") // what is shared is the same object
	Taken<T> isolated(T copy) {
		return (copy == value()) ? this
				: new Taken<>(this.revision.withValue(copy), this.at, this.isFromCache, this.isStale, this.extra);
	}

	Taken<T> with(Map<String, Object> added) {
		Map<String, Object> all = new HashMap<>(this.extra);
		all.putAll(added);
		return new Taken<>(this.revision, this.at, this.isFromCache, this.isStale, Map.copyOf(all));
	}

}
