package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * A snapshot that a test puts together. Times are seconds since the epoch; a value is
 * taken into the snapshot at 100.
 */
final class StubSnapshot implements Snapshot {

	static final double TAKEN_AT = 100;

	private final Map<ResourceKey<?>, SnapshotValue<?>> values = new LinkedHashMap<>();

	private final Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();

	static Instant at(double seconds) {
		return Instant.EPOCH.plus(seconds(seconds));
	}

	static Duration seconds(double seconds) {
		return Duration.ofNanos(Math.round(seconds * 1e9));
	}

	StubSnapshot value(ResourceKey<?> key, double observedAt) {
		return value(key, observedAt, false, 0);
	}

	StubSnapshot stale(ResourceKey<?> key, double observedAt) {
		return value(key, observedAt, true, 0);
	}

	StubSnapshot authority(ResourceKey<?> key, int authority) {
		return value(key, TAKEN_AT, false, authority);
	}

	private StubSnapshot value(ResourceKey<?> key, double observedAt, boolean stale, int authority) {
		this.values.put(key, new Value<>(key, "value", at(observedAt), stale, authority));
		return this;
	}

	StubSnapshot error(ResourceKey<?> key, StratesException error) {
		this.errors.put(key, error);
		return this;
	}

	@Override
	public String id() {
		return "stub";
	}

	@Override
	public Instant createdAt() {
		return at(TAKEN_AT);
	}

	@Override
	public <T> T get(ResourceKey<T> key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> Optional<T> find(ResourceKey<T> key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> ResourceResult<T> result(ResourceKey<T> key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Map<ResourceKey<?>, SnapshotValue<?>> values() {
		return this.values;
	}

	@Override
	public Map<ResourceKey<?>, StratesException> errors() {
		return this.errors;
	}

	@Override
	public Set<ResourceKey<?>> staleKeys() {
		return this.values.values()
			.stream()
			.filter(SnapshotValue::isStale)
			.map(SnapshotValue::key)
			.collect(Collectors.toSet());
	}

	@Override
	public SnapshotDiagnostics diagnostics() {
		throw new UnsupportedOperationException();
	}

	private record Value<T>(ResourceKey<T> key, Object any, Instant observedAt, boolean isStale,
			int authority) implements SnapshotValue<T> {

		@Override
		public T value() {
			return this.key.type().cast(this.any);
		}

		@Override
		public String source() {
			return "stub";
		}

		@Override
		public Instant fetchedAt() {
			return at(TAKEN_AT);
		}

		@Override
		public Duration age() {
			Duration age = Duration.between(this.observedAt, fetchedAt());
			return age.isNegative() ? Duration.ZERO : age;
		}

		@Override
		public boolean isFromCache() {
			return false;
		}

		@Override
		public Duration latency() {
			return Duration.ZERO;
		}

		@Override
		public int attempts() {
			return 1;
		}

		@Override
		public String revisionId() {
			return "1";
		}

		@Override
		public Map<ResourceKey<?>, String> inputs() {
			return Map.of();
		}

		@Override
		public Map<String, Object> metadata() {
			return Map.of();
		}

	}

}
