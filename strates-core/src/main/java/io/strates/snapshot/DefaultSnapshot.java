package io.strates.snapshot;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot. What it holds of a key is its revision, if that was fresh in the cache, or
 * the value as it was taken, or its error.
 */
/*
 * Nearly all snapshots are of values that are in the cache and cannot change: these are
 * held as they are there, and what is known of them is told only when somebody asks.
 */
final class DefaultSnapshot implements Snapshot {

	private final String id;

	private final long createdAt;

	private final long takenAt;

	private final KeyTable<Object> entries;

	private final Isolation isolation;

	private final SnapshotDiagnostics diagnostics;

	/** Made when somebody asks. */
	private volatile @Nullable Map<ResourceKey<?>, SnapshotValue<?>> values;

	DefaultSnapshot(String id, long createdAt, long takenAt, KeyTable<Object> entries, Isolation isolation,
			SnapshotDiagnostics diagnostics) {
		this.id = id;
		this.createdAt = createdAt;
		this.takenAt = takenAt;
		this.entries = entries;
		this.isolation = isolation;
		this.diagnostics = diagnostics;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public Instant createdAt() {
		return SnapshotTime.instant(this.createdAt);
	}

	@Override
	public <T> T get(ResourceKey<T> key) {
		Object entry = entry(key);
		if (entry instanceof StratesException error) {
			throw error;
		}
		return value(key, entry);
	}

	@Override
	public <T> Optional<T> find(ResourceKey<T> key) {
		Object entry = this.entries.get(key);
		return (entry == null || entry instanceof StratesException) ? Optional.empty() : Optional.of(value(key, entry));
	}

	private <T> T value(ResourceKey<T> key, Object entry) {
		Object value = (entry instanceof Taken<?> taken) ? taken.revision().value() : ((Revision<?>) entry).value();
		if (!key.type().valueType().isInstance(value)) {
			throw new ClassCastException("The value of " + key + " is a " + value.getClass().getName() + ", and not a "
					+ key.type().valueType().getName() + "; ask with the resource type that its source has");
		}
		return this.isolation.out(key, key.type().cast(value));
	}

	private Object entry(ResourceKey<?> key) {
		Object entry = this.entries.get(key);
		if (entry == null) {
			throw new IllegalArgumentException("Snapshot " + this.id + " was not asked for " + key + "; ask for it");
		}
		return entry;
	}

	@Override
	public <T> ResourceResult<T> result(ResourceKey<T> key) {
		Object entry = entry(key);
		if (entry instanceof StratesException error) {
			return new ResourceResult.Failed<>(error);
		}
		Taken<T> taken = taken(entry);
		return new ResourceResult.Resolved<>(taken.isolated(value(key, entry)));
	}

	@SuppressWarnings("unchecked") // what belongs to a key has its type
	private <T> Taken<T> taken(Object entry) {
		return (entry instanceof Taken<?> taken) ? (Taken<T>) taken
				: new Taken<>((Revision<T>) entry, this.takenAt, true, ((Revision<?>) entry).staleInputs(), Map.of());
	}

	@Override
	public Map<ResourceKey<?>, SnapshotValue<?>> values() {
		Map<ResourceKey<?>, SnapshotValue<?>> known = this.values;
		if (known == null) {
			known = made();
			this.values = known;
		}
		return known;
	}

	private Map<ResourceKey<?>, SnapshotValue<?>> made() {
		Map<ResourceKey<?>, SnapshotValue<?>> values = new LinkedHashMap<>();
		for (int index = 0; index < this.entries.size(); index++) {
			if (result(this.entries.key(index)) instanceof ResourceResult.Resolved<?> resolved) {
				values.put(this.entries.key(index), resolved.value());
			}
		}
		return Collections.unmodifiableMap(values);
	}

	@Override
	public Map<ResourceKey<?>, StratesException> errors() {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		for (int index = 0; index < this.entries.size(); index++) {
			if (this.entries.value(index) instanceof StratesException error) {
				errors.put(this.entries.key(index), error);
			}
		}
		return Collections.unmodifiableMap(errors);
	}

	@Override
	public @Nullable StratesException error(ResourceKey<?> key) {
		return (this.entries.get(key) instanceof StratesException error) ? error : null;
	}

	@Override
	public boolean isComplete() {
		for (int index = 0; index < this.entries.size(); index++) {
			if (this.entries.value(index) instanceof StratesException) {
				return false;
			}
		}
		return true;
	}

	@Override
	public Set<ResourceKey<?>> staleKeys() {
		Set<ResourceKey<?>> stale = new LinkedHashSet<>();
		for (int index = 0; index < this.entries.size(); index++) {
			Object entry = this.entries.value(index);
			if (entry != null && !(entry instanceof StratesException) && taken(entry).isStale()) {
				stale.add(this.entries.key(index));
			}
		}
		return Collections.unmodifiableSet(stale);
	}

	@Override
	public SnapshotDiagnostics diagnostics() {
		return this.diagnostics;
	}

	@Override
	public String toString() {
		return "Snapshot " + this.id + " of " + this.entries.size() + " resources";
	}

}
