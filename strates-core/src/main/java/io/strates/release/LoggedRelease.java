package io.strates.release;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A row of the release log. */
record LoggedRelease(String scope, String scopeId, long number, UUID buildStrate, @Nullable UUID previousStrate,
		ReleaseKind kind, @Nullable Long restoredRelease, @Nullable Long overwrittenRelease, @Nullable String reason,
		Instant releasedAt) implements Release {
}
