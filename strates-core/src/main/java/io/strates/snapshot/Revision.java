package io.strates.snapshot;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One revision of a resource, as it is kept and shared: everything that is known of a
 * value, whoever reads it. Times are nanoseconds since the epoch.
 *
 * @param <T> the type of the value
 */
record Revision<T>(ResourceKey<T> key, T value, String source, long observedAt, long fetchedAt, long latency,
		int attempts, int authority, String id, Map<ResourceKey<?>, String> inputs, boolean staleInputs,
		Map<String, Object> metadata) {

	/** How old the value is, never negative: clocks of others may be ahead. */
	long age(long now) {
		if (now <= this.observedAt) {
			return 0;
		}
		long age = now - this.observedAt;
		return (age < 0) ? Long.MAX_VALUE : age;
	}

	/** Returns this revision with a copy of its value. */
	Revision<T> withValue(T copy) {
		return new Revision<>(this.key, copy, this.source, this.observedAt, this.fetchedAt, this.latency, this.attempts,
				this.authority, this.id, this.inputs, this.staleInputs, this.metadata);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

}
