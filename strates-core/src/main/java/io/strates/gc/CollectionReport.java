package io.strates.gc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.build.BuildStatus;

/**
 * What a collection did, or would do.
 *
 * @param dryRun whether nothing was changed
 * @param builds every build that still had rows when the collection began
 * @param duration how long it took
 * @since 0.1.0
 */
public record CollectionReport(boolean dryRun, List<Entry> builds, Duration duration) {

	/**
	 * Returns how many builds were removed, or would be.
	 * @return the number of builds
	 */
	public long removedBuilds() {
		return this.builds.stream().filter(Entry::removed).count();
	}

	/**
	 * Returns how many rows were removed, or would be.
	 * @return the number of rows in all tables
	 */
	public long removedRows() {
		return this.builds.stream().flatMap((entry) -> entry.rows().values().stream()).mapToLong(Long::longValue).sum();
	}

	/**
	 * What happens to one build.
	 *
	 * @param buildStrate the id of the build
	 * @param scope its scope
	 * @param scopeId its scope id
	 * @param status its status when the collection began
	 * @param removed whether all its rows go
	 * @param reason why it is kept or removed, or what stopped its removal
	 * @param rows how many rows of each table go, without tables of which none does;
	 * empty if it is kept
	 */
	public record Entry(UUID buildStrate, String scope, String scopeId, BuildStatus status, boolean removed,
			String reason, Map<String, Long> rows) {
	}

}
