package io.strates.build;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A row of the build table, with the rows that hang on it. */
record StoredBuild(UUID buildStrate, String scope, String scopeId, BuildStatus status, @Nullable String label,
		Map<String, String> metadata, String owner, long baseRelease, @Nullable UUID baseStrate, Instant createdAt,
		@Nullable Instant sealedAt, @Nullable Instant endedAt, @Nullable String failure,
		Map<String, Long> rowCounts) implements BuildInfo {

	StoredBuild with(Map<String, String> metadata, Map<String, Long> rowCounts) {
		return new StoredBuild(this.buildStrate, this.scope, this.scopeId, this.status, this.label, metadata,
				this.owner, this.baseRelease, this.baseStrate, this.createdAt, this.sealedAt, this.endedAt,
				this.failure, rowCounts);
	}

}
