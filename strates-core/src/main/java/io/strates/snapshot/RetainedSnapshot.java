package io.strates.snapshot;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.strates.StratesException;

/**
 * A snapshot whose values could not be replaced: they are as they were, and the errors
 * say why.
 */
record RetainedSnapshot(Snapshot before, Map<ResourceKey<?>, StratesException> failures) implements Snapshot {

	@Override
	public String id() {
		return this.before.id();
	}

	@Override
	public Instant createdAt() {
		return this.before.createdAt();
	}

	@Override
	public <T> T get(ResourceKey<T> key) {
		return this.before.get(key);
	}

	@Override
	public <T> Optional<T> find(ResourceKey<T> key) {
		return this.before.find(key);
	}

	@Override
	public <T> ResourceResult<T> result(ResourceKey<T> key) {
		return this.before.result(key);
	}

	@Override
	public Map<ResourceKey<?>, SnapshotValue<?>> values() {
		return this.before.values();
	}

	@Override
	public Map<ResourceKey<?>, StratesException> errors() {
		Map<ResourceKey<?>, StratesException> all = new LinkedHashMap<>(this.before.errors());
		all.putAll(this.failures);
		return Collections.unmodifiableMap(all);
	}

	@Override
	public Set<ResourceKey<?>> staleKeys() {
		return this.before.staleKeys();
	}

	@Override
	public SnapshotDiagnostics diagnostics() {
		return this.before.diagnostics();
	}

}
