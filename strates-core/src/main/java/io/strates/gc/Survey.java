package io.strates.gc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.build.BuildTable;
import io.strates.entity.StratifiedSchema;
import io.strates.gc.Retention.Candidate;
import io.strates.gc.Retention.Verdict;
import io.strates.release.Release;
import io.strates.release.ReleaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the rules of retention decide on, inside the caller's transaction.
 */
final class Survey {

	private final Supplier<StratifiedSchema> schema;

	private final BuildTable builds;

	private final ReleaseTable releases;

	private final Retention retention;

	Survey(Supplier<StratifiedSchema> schema, BuildTable builds, ReleaseTable releases, Retention retention) {
		this.schema = schema;
		this.builds = builds;
		this.releases = releases;
		this.retention = retention;
	}

	/**
	 * Returns what would become of every build that still has rows.
	 * @return the verdicts: on interrupted collections first, then on the oldest builds
	 */
	Map<BuildInfo, Verdict> all() {
		Instant now = this.builds.now();
		List<BuildInfo> all = this.builds.listUncollected();
		Map<UUID, Verdict> verdicts = new HashMap<>();
		all.stream()
			.collect(Collectors.groupingBy(BuildInfo::scope))
			.forEach((scope, builds) -> verdicts.putAll(ofScope(scope, builds, now)));
		Map<BuildInfo, Verdict> ordered = new LinkedHashMap<>();
		Stream
			.concat(all.stream().filter((build) -> build.status() == BuildStatus.COLLECTING),
					all.stream().filter((build) -> build.status() != BuildStatus.COLLECTING))
			.forEach((build) -> ordered.put(build, Objects.requireNonNull(verdicts.get(build.buildStrate()))));
		return ordered;
	}

	private Map<UUID, Verdict> ofScope(String scope, List<BuildInfo> builds, Instant now) {
		Map<UUID, Verdict> verdicts = new HashMap<>();
		if (!this.schema.get().model().scopes().contains(scope)) {
			Verdict kept = Verdict.keep("this application does not declare scope '" + scope + "'");
			builds.forEach((build) -> verdicts.put(build.buildStrate(), kept));
			return verdicts;
		}
		Map<UUID, Long> numbers = this.releases.newestNumbers(scope);
		Set<UUID> live = this.releases.current(scope).stream().map(Release::buildStrate).collect(Collectors.toSet());
		builds.stream()
			.collect(Collectors.groupingBy(BuildInfo::scopeId))
			.values()
			.forEach((ofScopeId) -> verdicts.putAll(this.retention.judge(candidates(ofScopeId, numbers, live), now)));
		return verdicts;
	}

	/**
	 * Returns what becomes of a build as things stand now.
	 * @param build the build, locked by the transaction
	 * @return the verdict
	 */
	Verdict again(BuildInfo build) {
		List<BuildInfo> ofScopeId = this.builds.listUncollected(build.scope(), build.scopeId());
		Map<UUID, Long> numbers = this.releases.newestNumbers(build.scope(), build.scopeId());
		Release live = this.releases.current(build.scope(), build.scopeId());
		return this.retention
			.judge(candidates(ofScopeId, numbers, (live != null) ? Set.of(live.buildStrate()) : Set.of()),
					this.builds.now())
			.getOrDefault(build.buildStrate(), Verdict.keep("collected already"));
	}

	private List<Candidate> candidates(Collection<BuildInfo> builds, Map<UUID, Long> numbers, Set<UUID> live) {
		List<Candidate> candidates = new ArrayList<>();
		for (BuildInfo build : builds) {
			UUID id = build.buildStrate();
			candidates.add(new Candidate(build, live.contains(id), numbers.get(id), lastBeat(build)));
		}
		return candidates;
	}

	private @Nullable Instant lastBeat(BuildInfo build) {
		return (build.status() == BuildStatus.BUILDING) ? this.builds.lastBeat(build.buildStrate()) : null;
	}

}
