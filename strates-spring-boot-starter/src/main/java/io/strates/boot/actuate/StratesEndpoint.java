package io.strates.boot.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.strates.boot.actuate.StratesDescriptor.BuildDescriptor;
import io.strates.boot.actuate.StratesDescriptor.CollectionDescriptor;
import io.strates.boot.actuate.StratesDescriptor.ReleaseDescriptor;
import io.strates.boot.actuate.StratesDescriptor.ScopeDescriptor;
import io.strates.boot.actuate.StratesDescriptor.ScopeIdDescriptor;
import io.strates.boot.actuate.StratesDescriptor.ScopeIdSummaryDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.ChannelDescriptor;
import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildService;
import io.strates.build.BuildStatus;
import io.strates.build.BuildTable;
import io.strates.cache.Tiers;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.gc.GarbageCollector;
import io.strates.release.Release;
import io.strates.release.ReleaseOptions;
import io.strates.release.ReleaseService;
import io.strates.release.RollbackTarget;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint that shows scopes, builds and releases, and releases, rolls back,
 * fails builds and collects garbage.
 *
 * @since 0.1.0
 */
@Endpoint(id = "strates")
public class StratesEndpoint {

	/** What is selected to collect garbage. */
	static final String GARBAGE = "garbage";

	private final StratifiedModel model;

	private final BuildTable table;

	private final BuildService builds;

	private final ReleaseService releases;

	private final GarbageCollector collector;

	private final Tiers tiers;

	/**
	 * Creates the endpoint.
	 * @param model the declared scopes
	 * @param table the metadata rows of builds
	 * @param builds fails builds
	 * @param releases releases and rolls back
	 * @param collector collects garbage
	 * @param tiers tells of the caches
	 */
	public StratesEndpoint(StratifiedModel model, BuildTable table, BuildService builds, ReleaseService releases,
			GarbageCollector collector, Tiers tiers) {
		this.model = model;
		this.table = table;
		this.builds = builds;
		this.releases = releases;
		this.collector = collector;
		this.tiers = tiers;
	}

	/**
	 * Returns all scopes and caches.
	 * @return the scopes with what is live and what is built, and the caches of this node
	 */
	@ReadOperation
	public StratesDescriptor strates() {
		List<BuildInfo> builds = this.table.listUncollected();
		Map<String, ScopeDescriptor> scopes = new TreeMap<>();
		this.model.scopes().forEach((scope) -> scopes.put(scope, describe(scope, builds)));
		return new StratesDescriptor(scopes, StratesTiersDescriptor.caches(this.tiers),
				ChannelDescriptor.of(this.tiers));
	}

	/**
	 * Returns one scope.
	 * @param scope the scope
	 * @return the scope with what is live and what is built; builds that are collected
	 * are left out
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	@ReadOperation
	public ScopeDescriptor scope(@Selector String scope) {
		this.model.root(scope);
		return describe(scope, this.table.listUncollected());
	}

	private ScopeDescriptor describe(String scope, List<BuildInfo> builds) {
		Map<String, Release> live = new HashMap<>();
		this.releases.current(scope).forEach((release) -> live.put(release.scopeId(), release));
		Map<String, List<BuildInfo>> built = new HashMap<>();
		live.keySet().forEach((scopeId) -> built.put(scopeId, new ArrayList<>()));
		for (BuildInfo build : builds) {
			if (build.scope().equals(scope)) {
				built.computeIfAbsent(build.scopeId(), (id) -> new ArrayList<>()).add(build);
			}
		}
		built.values().forEach((list) -> list.sort(Comparator.comparing(BuildInfo::createdAt).reversed()));
		Map<String, ScopeIdSummaryDescriptor> scopeIds = new LinkedHashMap<>();
		built.entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> touched(entry.getValue(), live.get(entry.getKey())),
					Comparator.reverseOrder()))
			.limit(StratesDescriptor.MOST)
			.forEach((entry) -> scopeIds.put(entry.getKey(), summary(live.get(entry.getKey()), entry.getValue())));
		return new ScopeDescriptor(this.model.root(scope).name(),
				this.model.types(scope).stream().map(StratifiedType::name).toList(), built.size(), scopeIds);
	}

	/** When a scope id was built or released last. */
	private static Instant touched(List<BuildInfo> newestFirst, @Nullable Release live) {
		Instant built = newestFirst.isEmpty() ? Instant.MIN : newestFirst.get(0).createdAt();
		return (live != null && live.releasedAt().isAfter(built)) ? live.releasedAt() : built;
	}

	private static ScopeIdSummaryDescriptor summary(@Nullable Release live, List<BuildInfo> newestFirst) {
		return new ScopeIdSummaryDescriptor(ReleaseDescriptor.ofNullable(live), countByStatus(newestFirst),
				newestFirst.stream().limit(StratesDescriptor.NEWEST).map(BuildDescriptor::of).toList());
	}

	private static Map<BuildStatus, Long> countByStatus(List<BuildInfo> builds) {
		Map<BuildStatus, Long> counts = new TreeMap<>();
		builds.forEach((build) -> counts.merge(build.status(), 1L, Long::sum));
		return counts;
	}

	/**
	 * Returns one scope id.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return its newest builds and the end of its release log, or {@code null} if it has
	 * neither
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	@ReadOperation
	public @Nullable ScopeIdDescriptor scopeId(@Selector String scope, @Selector String scopeId) {
		List<BuildInfo> built = this.builds.list(scope, scopeId);
		List<Release> log = this.releases.history(scope, scopeId);
		if (built.isEmpty() && log.isEmpty()) {
			return null;
		}
		return ScopeIdDescriptor.of(built, log);
	}

	/**
	 * Releases a build.
	 * @param scope the scope of the build
	 * @param scopeId the scope id of the build
	 * @param build the id of the build
	 * @param overwrite whether to replace a release that the build was not based on
	 * @param reason why, for the log
	 * @return the release that is live now
	 * @throws io.strates.StratesException if the build does not exist, its status does
	 * not allow it, or something else was released since it was opened
	 */
	@WriteOperation
	public ReleaseDescriptor release(@Selector String scope, @Selector String scopeId, UUID build,
			@Nullable Boolean overwrite, @Nullable String reason) {
		ReleaseOptions options = ReleaseOptions.defaults();
		if (Boolean.TRUE.equals(overwrite)) {
			options = options.overwrite();
		}
		if (reason != null) {
			options = options.reason(reason);
		}
		return ReleaseDescriptor.of(this.releases.release(scope, scopeId, build, options));
	}

	/**
	 * Restores the state of an earlier release.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param release the number of the release to restore
	 * @param reason why, for the log
	 * @return the release that is live now
	 * @throws io.strates.StratesException if there is no such release, or its build
	 * cannot be live again
	 */
	@WriteOperation
	public ReleaseDescriptor rollBack(@Selector String scope, @Selector String scopeId, @Selector long release,
			String reason) {
		return ReleaseDescriptor.of(this.releases.rollBack(scope, scopeId, RollbackTarget.release(release), reason));
	}

	/**
	 * Gives up a build that is being written, also by another node.
	 * @param scope the scope of the build
	 * @param scopeId the scope id of the build
	 * @param build the id of the build
	 * @param reason why, for people
	 * @return the failed build
	 * @throws io.strates.StratesException if the scope id has no such build, or it is no
	 * longer being written
	 */
	@DeleteOperation
	public BuildDescriptor fail(@Selector String scope, @Selector String scopeId, @Selector UUID build, String reason) {
		BuildInfo found = this.builds.get(build);
		if (!found.scope().equals(scope) || !found.scopeId().equals(scopeId)) {
			throw new BuildNotFoundException(build, found.describe() + " is not a build of " + scope + "/" + scopeId
					+ "; name it with its own scope id");
		}
		return BuildDescriptor.of(this.builds.fail(build, reason));
	}

	/**
	 * Collects garbage, or tells what would be collected.
	 * @param operation has to be {@code garbage}
	 * @param dryRun whether to change nothing, which is so unless it is {@code false}
	 * @return the report, or {@code null} if another node is collecting
	 */
	@WriteOperation
	public @Nullable CollectionDescriptor collect(@Selector String operation, @Nullable Boolean dryRun) {
		if (!operation.equals(GARBAGE)) {
			throw new InvalidEndpointRequestException("Operation '" + operation + "' does not exist",
					"Operation '" + operation + "' does not exist; select '" + GARBAGE + "' to collect garbage, or a"
							+ " scope and a scope id to release a build");
		}
		return Boolean.FALSE.equals(dryRun) ? this.collector.collect().map(CollectionDescriptor::of).orElse(null)
				: CollectionDescriptor.of(this.collector.dryRun());
	}

}
