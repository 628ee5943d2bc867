package io.strates.sample.importing;

import java.time.Duration;

import io.strates.build.BuildInfo;
import io.strates.release.Release;

/** What came of an import, and how long it took from the first byte to the release. */
record ImportedRelease(Release release, BuildInfo build, Duration elapsed) {

	long packages() {
		return this.build.rowCounts().getOrDefault("DebianPackage", 0L);
	}

	long rows() {
		return this.build.rowCounts().values().stream().mapToLong(Long::longValue).sum();
	}

}
