package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildService;
import io.strates.build.BuildStatus;
import io.strates.build.BuildTable;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.gc.CollectionReport;
import io.strates.gc.GarbageCollector;
import io.strates.release.Release;
import io.strates.release.ReleaseKind;
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

	private static final int NEWEST = 5;

	/** How many builds and releases of one scope id are shown. */
	static final int LIMIT = 100;

	private final StratifiedModel model;

	private final BuildTable table;

	private final BuildService builds;

	private final ReleaseService releases;

	private final GarbageCollector collector;

	/**
	 * Creates the endpoint.
	 * @param model the declared scopes
	 * @param table the metadata rows of builds
	 * @param builds fails builds
	 * @param releases releases and rolls back
	 * @param collector collects garbage
	 */
	public StratesEndpoint(StratifiedModel model, BuildTable table, BuildService builds, ReleaseService releases,
			GarbageCollector collector) {
		this.model = model;
		this.table = table;
		this.builds = builds;
		this.releases = releases;
		this.collector = collector;
	}

	/**
	 * Returns all scopes.
	 * @return the scopes with what is live and what is built
	 */
	@ReadOperation
	public StratesDescriptor strates() {
		List<BuildInfo> builds = this.table.listUncollected();
		Map<String, ScopeDescriptor> scopes = new TreeMap<>();
		this.model.scopes().forEach((scope) -> scopes.put(scope, describe(scope, builds)));
		return new StratesDescriptor(scopes);
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
		Map<String, List<BuildInfo>> built = new TreeMap<>();
		for (BuildInfo build : builds) {
			if (build.scope().equals(scope)) {
				built.computeIfAbsent(build.scopeId(), (id) -> new ArrayList<>()).add(build);
			}
		}
		Map<String, Release> live = new TreeMap<>();
		for (Release release : this.releases.current(scope)) {
			live.put(release.scopeId(), release);
			built.computeIfAbsent(release.scopeId(), (id) -> new ArrayList<>());
		}
		Map<String, ScopeIdSummaryDescriptor> scopeIds = new LinkedHashMap<>();
		built.forEach((scopeId, list) -> {
			list.sort(Comparator.comparing(BuildInfo::createdAt).reversed());
			scopeIds.put(scopeId, new ScopeIdSummaryDescriptor(ReleaseDescriptor.ofNullable(live.get(scopeId)),
					countByStatus(list), list.stream().limit(NEWEST).map(BuildDescriptor::of).toList()));
		});
		return new ScopeDescriptor(this.model.root(scope).name(),
				this.model.types(scope).stream().map(StratifiedType::name).toList(), scopeIds);
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
	 * @return its newest builds and releases, 100 of each at most, or {@code null} if it
	 * has neither
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	@ReadOperation
	public @Nullable ScopeIdDescriptor scopeId(@Selector String scope, @Selector String scopeId) {
		List<BuildInfo> built = this.builds.list(scope, scopeId, LIMIT);
		List<Release> log = this.releases.history(scope, scopeId, LIMIT);
		if (built.isEmpty() && log.isEmpty()) {
			return null;
		}
		return new ScopeIdDescriptor(log.isEmpty() ? null : ReleaseDescriptor.of(log.get(0)),
				built.stream().map(BuildDescriptor::of).toList(), log.stream().map(ReleaseDescriptor::of).toList());
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
	 * @param dryRun whether to change nothing
	 * @return the report, or {@code null} if another node is collecting
	 */
	@WriteOperation
	public @Nullable CollectionDescriptor collect(@Selector String operation, @Nullable Boolean dryRun) {
		if (!operation.equals(GARBAGE)) {
			throw new InvalidEndpointRequestException("Operation '" + operation + "' does not exist",
					"Operation '" + operation + "' does not exist; select '" + GARBAGE + "' to collect garbage, or a"
							+ " scope and a scope id to release a build");
		}
		return Boolean.TRUE.equals(dryRun) ? CollectionDescriptor.of(this.collector.dryRun())
				: this.collector.collect().map(CollectionDescriptor::of).orElse(null);
	}

	/**
	 * All scopes.
	 *
	 * @param scopes the scopes by name
	 */
	public record StratesDescriptor(Map<String, ScopeDescriptor> scopes) {
	}

	/**
	 * One scope.
	 *
	 * @param root its root entity
	 * @param entities its entities
	 * @param scopeIds its scope ids
	 */
	public record ScopeDescriptor(String root, List<String> entities, Map<String, ScopeIdSummaryDescriptor> scopeIds) {
	}

	/**
	 * One scope id in short.
	 *
	 * @param live the live release, or {@code null} if nothing is released
	 * @param builds how many builds there are of each status
	 * @param newest the newest builds
	 */
	public record ScopeIdSummaryDescriptor(@Nullable ReleaseDescriptor live, Map<BuildStatus, Long> builds,
			List<BuildDescriptor> newest) {
	}

	/**
	 * One scope id.
	 *
	 * @param live the live release, or {@code null} if nothing is released
	 * @param builds its builds, the newest first
	 * @param releases its release log, the newest first
	 */
	public record ScopeIdDescriptor(@Nullable ReleaseDescriptor live, List<BuildDescriptor> builds,
			List<ReleaseDescriptor> releases) {
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
	 * @param builds what happened to each build, and why
	 */
	public record CollectionDescriptor(boolean dryRun, long removedBuilds, long removedRows, Duration duration,
			List<CollectionReport.Entry> builds) {

		static CollectionDescriptor of(CollectionReport report) {
			return new CollectionDescriptor(report.dryRun(), report.removedBuilds(), report.removedRows(),
					report.duration(), report.builds());
		}

	}

}
