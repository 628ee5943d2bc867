package io.strates.gc;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of a build as tests invent it: whatever happened to it happened at one time.
 */
record InventedBuild(UUID buildStrate, BuildStatus status, Instant at) implements BuildInfo {

	@Override
	public String scope() {
		return "catalog";
	}

	@Override
	public String scopeId() {
		return "north";
	}

	@Override
	public @Nullable String label() {
		return null;
	}

	@Override
	public Map<String, String> metadata() {
		return Map.of();
	}

	@Override
	public String owner() {
		return "node-7";
	}

	@Override
	public long baseRelease() {
		return 0;
	}

	@Override
	public @Nullable UUID baseStrate() {
		return null;
	}

	@Override
	public Instant createdAt() {
		return this.at;
	}

	@Override
	public @Nullable Instant sealedAt() {
		return (this.status == BuildStatus.BUILDING) ? null : this.at;
	}

	@Override
	public @Nullable Instant endedAt() {
		return (this.status == BuildStatus.FAILED || this.status == BuildStatus.REJECTED) ? this.at : null;
	}

	@Override
	public @Nullable String failure() {
		return null;
	}

	@Override
	public Map<String, Long> rowCounts() {
		return Map.of();
	}

}
