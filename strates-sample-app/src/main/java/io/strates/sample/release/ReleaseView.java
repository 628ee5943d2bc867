package io.strates.sample.release;

import java.time.Instant;
import java.util.UUID;

import io.strates.release.Release;
import io.strates.release.ReleaseKind;
import org.jspecify.annotations.Nullable;

/**
 * A release as clients see it.
 *
 * @param suite the suite
 * @param release its number
 * @param buildStrate the build that became live
 * @param previousStrate the build that was live before, or {@code null} if none was
 * @param kind why the pointer moved
 * @param restoredRelease the release whose state a rollback restored, or {@code null}
 * @param reason the reason that was given, or {@code null}
 * @param releasedAt when the pointer moved
 */
public record ReleaseView(String suite, long release, UUID buildStrate, @Nullable UUID previousStrate, ReleaseKind kind,
		@Nullable Long restoredRelease, @Nullable String reason, Instant releasedAt) {

	/**
	 * Returns the view of a release.
	 * @param release the release
	 * @return how clients see it
	 */
	public static ReleaseView of(Release release) {
		return new ReleaseView(release.scopeId(), release.number(), release.buildStrate(), release.previousStrate(),
				release.kind(), release.restoredRelease(), release.reason(), release.releasedAt());
	}

}
