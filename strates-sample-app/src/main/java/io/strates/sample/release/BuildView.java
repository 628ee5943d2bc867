package io.strates.sample.release;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import org.jspecify.annotations.Nullable;

/**
 * A build as clients see it.
 *
 * @param buildStrate its id
 * @param status what has become of it
 * @param label what it was made from
 * @param baseRelease the release that was live when it was opened, or 0 if none was
 * @param createdAt when it was opened
 * @param sealedAt when it was complete, or {@code null}
 * @param endedAt when it failed, was left by a rollback or was removed, or {@code null}
 * @param failure why it failed, or {@code null}
 * @param rows how many rows of each entity it has; empty before it is complete
 */
record BuildView(UUID buildStrate, BuildStatus status, @Nullable String label, long baseRelease, Instant createdAt,
		@Nullable Instant sealedAt, @Nullable Instant endedAt, @Nullable String failure, Map<String, Long> rows) {

	static BuildView of(BuildInfo build) {
		return new BuildView(build.buildStrate(), build.status(), build.label(), build.baseRelease(), build.createdAt(),
				build.sealedAt(), build.endedAt(), build.failure(), build.rowCounts());
	}

}
