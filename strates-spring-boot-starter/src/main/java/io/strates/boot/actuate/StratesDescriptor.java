package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.boot.actuate.StratesTiersDescriptor.ChannelDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.CoherenceDescriptor;
import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheStatistics;
import io.strates.cache.CoherentCache;
import io.strates.gc.CollectionReport;
import io.strates.release.Release;
import io.strates.release.ReleaseKind;
import org.jspecify.annotations.Nullable;

/**
 * All scopes and caches, as the actuator endpoint shows them. Lists are bounded, and the
 * total stands beside them.
 *
 * @param scopes the scopes by name
 * @param caches the caches of the node that answers, by name
 * @param channel how that node hears the others
 * @since 0.1.0
 */
public record StratesDescriptor(Map<String, ScopeDescriptor> scopes, Map<String, CacheDescriptor> caches,
		ChannelDescriptor channel) {

	/** How long a list of an answer may be. */
	static final int MOST = 100;

	/** How many builds stand in the summary of a scope id. */
	static final int NEWEST = 5;

	/**
	 * What a cache did on this node since its start.
	 *
	 * @param size about how many values L1 holds
	 * @param evictions how many it gave up for others
	 * @param l1 what L1 was asked for
	 * @param l2 what L2 was asked for
	 * @param loads how many values were loaded
	 * @param loadFailures how many calls of the loader failed
	 * @param loadTime how long the calls took in all
	 * @param coalesced how many reads waited for the load of another
	 * @param coherence what keeps it coherent, or {@code null} if its values never change
	 * @param settings the settings in force, if its values change
	 */
	public record CacheDescriptor(long size, long evictions, TierDescriptor l1, TierDescriptor l2, long loads,
			long loadFailures, Duration loadTime, long coalesced, @Nullable CoherenceDescriptor coherence,
			@Nullable CacheSettings settings) {

		static CacheDescriptor of(CoherentCache<?, ?> cache) {
			return of(cache.statistics(), CoherenceDescriptor.of(cache.coherence()), cache.inspection().settings());
		}

		static CacheDescriptor of(CacheStatistics cache) {
			return of(cache, null, null);
		}

		private static CacheDescriptor of(CacheStatistics cache, @Nullable CoherenceDescriptor coherence,
				@Nullable CacheSettings settings) {
			return new CacheDescriptor(cache.size(), cache.evictions(),
					TierDescriptor.of(cache.localHits(), cache.localMisses()),
					TierDescriptor.of(cache.remoteHits(), cache.remoteMisses()), cache.loads(), cache.loadFailures(),
					cache.loadTime(), cache.coalesced(), coherence, settings);
		}

	}

	/**
	 * What a tier was asked for.
	 *
	 * @param hits how many values it had
	 * @param misses how many it did not have
	 * @param hitRatio the share of hits, or {@code null} if it was never asked
	 */
	public record TierDescriptor(long hits, long misses, @Nullable Double hitRatio) {

		static TierDescriptor of(long hits, long misses) {
			long asked = hits + misses;
			return new TierDescriptor(hits, misses, (asked > 0) ? (double) hits / asked : null);
		}

	}

	/**
	 * One scope.
	 *
	 * @param root its root entity
	 * @param entities its entities
	 * @param scopeIdCount how many scope ids it has
	 * @param scopeIds its scope ids, that of the newest build or release first; no more
	 * than a hundred
	 */
	public record ScopeDescriptor(String root, List<String> entities, int scopeIdCount,
			Map<String, ScopeIdSummaryDescriptor> scopeIds) {
	}

	/**
	 * One scope id in short.
	 *
	 * @param live the live release, or {@code null} if nothing is released
	 * @param builds how many builds there are of each status
	 * @param newest its newest builds, the newest first; no more than five
	 */
	public record ScopeIdSummaryDescriptor(@Nullable ReleaseDescriptor live, Map<BuildStatus, Long> builds,
			List<BuildDescriptor> newest) {
	}

	/**
	 * One scope id.
	 *
	 * @param live the live release, or {@code null} if nothing is released
	 * @param buildCount how many builds it has, the collected ones included
	 * @param builds its builds, the newest first; no more than a hundred
	 * @param releaseCount how many releases its log has
	 * @param releases its release log, the newest first; no more than a hundred
	 */
	public record ScopeIdDescriptor(@Nullable ReleaseDescriptor live, int buildCount, List<BuildDescriptor> builds,
			int releaseCount, List<ReleaseDescriptor> releases) {

		static ScopeIdDescriptor of(List<BuildInfo> builds, List<Release> log) {
			return new ScopeIdDescriptor(log.isEmpty() ? null : ReleaseDescriptor.of(log.get(0)), builds.size(),
					builds.stream().limit(MOST).map(BuildDescriptor::of).toList(), log.size(),
					log.stream().limit(MOST).map(ReleaseDescriptor::of).toList());
		}

	}

	/**
	 * One build.
	 *
	 * @param build the id of the build
	 * @param status what has become of it
	 * @param label its label
	 * @param metadata its free metadata
	 * @param owner the node that writes, or wrote, it
	 * @param baseRelease the release that was live when it was opened, or 0
	 * @param createdAt when it was opened
	 * @param sealedAt when it was sealed
	 * @param endedAt when it failed, was rejected or collected
	 * @param failure why it failed
	 * @param rows how many rows of each entity it has
	 */
	public record BuildDescriptor(UUID build, BuildStatus status, @Nullable String label, Map<String, String> metadata,
			String owner, long baseRelease, Instant createdAt, @Nullable Instant sealedAt, @Nullable Instant endedAt,
			@Nullable String failure, Map<String, Long> rows) {

		static BuildDescriptor of(BuildInfo build) {
			return new BuildDescriptor(build.buildStrate(), build.status(), build.label(), build.metadata(),
					build.owner(), build.baseRelease(), build.createdAt(), build.sealedAt(), build.endedAt(),
					build.failure(), build.rowCounts());
		}

	}

	/**
	 * One release.
	 *
	 * @param release the release number
	 * @param build the build that became live
	 * @param kind why the pointer moved
	 * @param restoredRelease the release whose state a rollback restored
	 * @param overwrittenRelease the release that was overwritten on purpose
	 * @param reason the reason that was given
	 * @param releasedAt when the pointer moved
	 */
	public record ReleaseDescriptor(long release, UUID build, ReleaseKind kind, @Nullable Long restoredRelease,
			@Nullable Long overwrittenRelease, @Nullable String reason, Instant releasedAt) {

		static ReleaseDescriptor of(Release release) {
			return new ReleaseDescriptor(release.number(), release.buildStrate(), release.kind(),
					release.restoredRelease(), release.overwrittenRelease(), release.reason(), release.releasedAt());
		}

		static @Nullable ReleaseDescriptor ofNullable(@Nullable Release release) {
			return (release != null) ? of(release) : null;
		}

	}

	/**
	 * What a collection did, or would do.
	 *
	 * @param dryRun whether nothing was changed
	 * @param removedBuilds how many builds were removed
	 * @param removedRows how many rows were removed
	 * @param duration how long it took
	 * @param buildCount how many builds had rows when it began
	 * @param builds what happened to each of these builds, and why; what was removed
	 * first; no more than a hundred
	 */
	public record CollectionDescriptor(boolean dryRun, long removedBuilds, long removedRows, Duration duration,
			int buildCount, List<CollectionReport.Entry> builds) {

		static CollectionDescriptor of(CollectionReport report) {
			List<CollectionReport.Entry> builds = report.builds()
				.stream()
				.sorted(Comparator.comparing((entry) -> !entry.removed()))
				.limit(MOST)
				.toList();
			return new CollectionDescriptor(report.dryRun(), report.removedBuilds(), report.removedRows(),
					report.duration(), report.builds().size(), builds);
		}

	}

}
