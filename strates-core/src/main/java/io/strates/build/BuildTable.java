package io.strates.build;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The metadata rows of builds. For the features of Strates; applications use
 * {@link BuildService}.
 *
 * <p>
 * <b>Consistency:</b> what the caller's transaction sees. <b>Atomicity:</b> every method
 * joins the caller's transaction; those that lock or change a row need one.
 * <b>Concurrency:</b> thread-safe; those that lock wait for whoever holds the row, unless
 * they say otherwise. <b>Failures:</b> what the database refuses is a
 * {@link org.springframework.dao.DataAccessException}.
 *
 * @since 0.1.0
 */
public final class BuildTable {

	private static final String COLUMNS = "select build_strate, scope, scope_id, status, label, owner, base_release,"
			+ " base_strate, created_at, sealed_at, ended_at, failure from stratified_build";

	private static final int MAX_FAILURE = 4000;

	private final JdbcClient jdbc;

	private final Database database;

	/**
	 * Creates the gateway.
	 * @param jdbc the client of the data source that also holds the business rows
	 * @param database the database behind it
	 */
	public BuildTable(JdbcClient jdbc, Database database) {
		this.jdbc = jdbc;
		this.database = database;
	}

	JdbcClient jdbc() {
		return this.jdbc;
	}

	Database database() {
		return this.database;
	}

	void insert(UUID buildStrate, String scope, String scopeId, String owner, BuildOptions options) {
		this.jdbc
			.sql("insert into stratified_build (build_strate, scope, scope_id, status, label, owner, base_release,"
					+ " base_strate, created_at) values (?, ?, ?, 'BUILDING', ?, ?,"
					+ " coalesce((select release_no from released_strates where scope = ? and scope_id = ?), 0),"
					+ " (select build_strate from released_strates where scope = ? and scope_id = ?), "
					+ this.database.now() + ")")
			.params(Database.params(this.database.uuid(buildStrate), scope, scopeId, options.label(), owner, scope,
					scopeId, scope, scopeId))
			.update();
		this.jdbc
			.sql("insert into stratified_build_heartbeat (build_strate, beat_at) values (?, " + this.database.now()
					+ ")")
			.param(this.database.uuid(buildStrate))
			.update();
		options.metadata()
			.forEach((name, content) -> this.jdbc
				.sql("insert into stratified_build_metadata (build_strate, name, content) values (?, ?, ?)")
				.params(Database.params(this.database.uuid(buildStrate), name, content))
				.update());
	}

	/**
	 * Returns a build.
	 * @param buildStrate the id of the build
	 * @return the build, or {@code null} if there is none
	 */
	public @Nullable BuildInfo find(UUID buildStrate) {
		List<BuildInfo> found = select(" where build_strate = ?", Database.params(this.database.uuid(buildStrate)));
		return found.isEmpty() ? null : found.get(0);
	}

	/**
	 * Returns a build and keeps others from changing its row until the transaction ends.
	 * Waits for chunks in flight.
	 * @param buildStrate the id of the build
	 * @return the build
	 * @throws BuildNotFoundException if there is none
	 */
	public BuildInfo lock(UUID buildStrate) {
		List<BuildInfo> found = select(" where build_strate = ? for update",
				Database.params(this.database.uuid(buildStrate)));
		if (found.isEmpty()) {
			throw new BuildNotFoundException(buildStrate);
		}
		return found.get(0);
	}

	/**
	 * Keeps a build from being sealed, failed or collected until the transaction ends,
	 * and returns its status under that lock. Others may take the same lock.
	 * @param buildStrate the id of the build
	 * @return the status, or {@code null} if there is no such build
	 */
	public @Nullable BuildStatus lockShared(UUID buildStrate) {
		return this.jdbc.sql("select status from stratified_build where build_strate = ?" + this.database.shareLock())
			.param(this.database.uuid(buildStrate))
			.query((row, number) -> BuildStatus.valueOf(row.getString(1)))
			.optional()
			.orElse(null);
	}

	/**
	 * Returns the builds of a scope id.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return the builds, the newest first
	 */
	public List<BuildInfo> list(String scope, String scopeId) {
		return select(" where scope = ? and scope_id = ? order by created_at desc, build_strate desc",
				Database.params(scope, scopeId));
	}

	/** Returns the newest builds of a scope id, the newest first. */
	List<BuildInfo> list(String scope, String scopeId, int limit) {
		Instant oldest = this.jdbc
			.sql("select created_at from stratified_build where scope = ? and scope_id = ?"
					+ " order by created_at desc limit 1 offset " + (limit - 1))
			.params(Database.params(scope, scopeId))
			.query((row, number) -> this.database.timestamp(row, "created_at"))
			.optional()
			.orElse(null);
		if (oldest == null) {
			return list(scope, scopeId);
		}
		return select(
				" where scope = ? and scope_id = ? and created_at >= ? order by created_at desc, build_strate desc",
				Database.params(scope, scopeId, this.database.timestamp(oldest)))
			.stream()
			.limit(limit)
			.toList();
	}

	/**
	 * Returns a build and keeps others from changing its row until the transaction ends,
	 * unless somebody else has locked it.
	 * @param buildStrate the id of the build
	 * @return the build, or {@code null} if its row is locked or missing; never waits
	 */
	public @Nullable BuildInfo tryLock(UUID buildStrate) {
		List<BuildInfo> found = select(" where build_strate = ? for update skip locked",
				Database.params(this.database.uuid(buildStrate)));
		return found.isEmpty() ? null : found.get(0);
	}

	/**
	 * Returns the builds that still take up space: all but the collected ones.
	 * @return the builds of all scopes, the oldest first
	 */
	public List<BuildInfo> listUncollected() {
		return select(" where status <> 'COLLECTED' order by created_at, build_strate", Database.params());
	}

	/**
	 * Returns the builds of a scope id that still take up space: all but the collected
	 * ones.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return the builds, the oldest first
	 */
	public List<BuildInfo> listUncollected(String scope, String scopeId) {
		return select(" where scope = ? and scope_id = ? and status <> 'COLLECTED' order by created_at, build_strate",
				Database.params(scope, scopeId));
	}

	/**
	 * Sets the status of a build that the transaction has locked.
	 * @param buildStrate the id of the build
	 * @param status the new status
	 * @param failure why it failed, or {@code null} to leave the reason as it is
	 */
	public void setStatus(UUID buildStrate, BuildStatus status, @Nullable String failure) {
		String when = switch (status) {
			case SEALED -> ", sealed_at = " + this.database.now();
			case FAILED, REJECTED, COLLECTED -> ", ended_at = " + this.database.now();
			default -> "";
		};
		String reason = (failure != null) ? storable(failure) : null;
		this.jdbc
			.sql("update stratified_build set status = ?, failure = coalesce(?, failure)" + when
					+ " where build_strate = ?")
			.params(Database.params(status.name(), reason, this.database.uuid(buildStrate)))
			.update();
	}

	/** Fails a build that the transaction has locked, if it is being written. */
	BuildInfo fail(BuildInfo locked, String reason) {
		if (locked.status() != BuildStatus.BUILDING) {
			return locked;
		}
		setStatus(locked.buildStrate(), BuildStatus.FAILED, reason);
		return Objects.requireNonNull(find(locked.buildStrate()));
	}

	/** No database keeps more, and PostgreSQL keeps no NUL in a text. */
	private static String storable(String failure) {
		String text = failure.replace('\0', ' ');
		return (text.length() <= MAX_FAILURE) ? text : text.substring(0, MAX_FAILURE);
	}

	void insertRowCounts(UUID buildStrate, Map<String, Long> counts) {
		counts.forEach((entity, count) -> this.jdbc
			.sql("insert into stratified_build_rows (build_strate, entity, row_count) values (?, ?, ?)")
			.params(Database.params(this.database.uuid(buildStrate), entity, count))
			.update());
	}

	void beat(UUID buildStrate) {
		this.jdbc
			.sql("update stratified_build_heartbeat set beat_at = " + this.database.now() + " where build_strate = ?")
			.param(this.database.uuid(buildStrate))
			.update();
	}

	/**
	 * Returns when the writer of a build was last heard of.
	 * @param buildStrate the id of the build
	 * @return the time by the database's clock, or {@code null} if it never was
	 */
	public @Nullable Instant lastBeat(UUID buildStrate) {
		return this.jdbc.sql("select beat_at from stratified_build_heartbeat where build_strate = ?")
			.param(this.database.uuid(buildStrate))
			.query((row, number) -> this.database.timestamp(row, "beat_at"))
			.optional()
			.orElse(null);
	}

	/**
	 * Returns the time by the database's clock, with which the times of builds compare.
	 * @return the time
	 */
	public Instant now() {
		return this.jdbc.sql("select " + this.database.now() + " as now_at")
			.query((row, number) -> this.database.timestamp(row, "now_at"))
			.single();
	}

	private List<BuildInfo> select(String where, List<@Nullable Object> params) {
		List<StoredBuild> builds = this.jdbc.sql(COLUMNS + where).params(params).query(this::map).list();
		List<BuildInfo> complete = new ArrayList<>(builds.size());
		if (builds.isEmpty()) {
			return complete;
		}
		Map<UUID, Map<String, String>> metadata = new HashMap<>();
		Map<UUID, Map<String, Long>> counts = new HashMap<>();
		String condition = where.replaceFirst("( order by .*| for update( skip locked)?)$", "");
		String builtBy = " where build_strate in (select build_strate from stratified_build" + condition + ")";
		this.jdbc.sql("select build_strate, name, content from stratified_build_metadata" + builtBy + " order by name")
			.params(params)
			.query((row) -> {
				metadata.computeIfAbsent(this.database.uuid(row, "build_strate"), (id) -> new LinkedHashMap<>())
					.put(row.getString("name"), row.getString("content"));
			});
		this.jdbc
			.sql("select build_strate, entity, row_count from stratified_build_rows" + builtBy + " order by entity")
			.params(params)
			.query((row) -> {
				counts.computeIfAbsent(this.database.uuid(row, "build_strate"), (id) -> new LinkedHashMap<>())
					.put(row.getString("entity"), row.getLong("row_count"));
			});
		for (StoredBuild build : builds) {
			complete.add(build.with(metadata.getOrDefault(build.buildStrate(), Map.of()),
					counts.getOrDefault(build.buildStrate(), Map.of())));
		}
		return complete;
	}

	private StoredBuild map(ResultSet row, int number) throws SQLException {
		return new StoredBuild(this.database.uuid(row, "build_strate"), row.getString("scope"),
				row.getString("scope_id"), BuildStatus.valueOf(row.getString("status")), row.getString("label"),
				Map.of(), row.getString("owner"), row.getLong("base_release"),
				this.database.nullableUuid(row, "base_strate"), this.database.timestamp(row, "created_at"),
				this.database.nullableTimestamp(row, "sealed_at"), this.database.nullableTimestamp(row, "ended_at"),
				row.getString("failure"), Map.of());
	}

}
