package io.strates.release;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The release pointers and their log. For the features of Strates; applications use
 * {@link ReleaseService}.
 *
 * <p>
 * <b>Consistency:</b> what the caller's transaction sees, unless a method says otherwise.
 * <b>Atomicity:</b> every method joins the caller's transaction; a move of the pointer is
 * one statement. <b>Concurrency:</b> thread-safe; of two moves of one pointer the second
 * waits for the first. <b>Failures:</b> what the database refuses is a
 * {@link org.springframework.dao.DataAccessException}.
 *
 * @since 0.1.0
 */
public final class ReleaseTable {

	private static final String LOG_COLUMNS = "select l.scope, l.scope_id, l.release_no, l.build_strate,"
			+ " l.previous_strate, l.kind, l.restored_release, l.overwritten_release, l.reason, l.released_at"
			+ " from strates_release_log l";

	private static final String LIVE = " join released_strates p on p.scope = l.scope and p.scope_id = l.scope_id"
			+ " and p.release_no = l.release_no";

	private final JdbcClient jdbc;

	private final Database database;

	/**
	 * Creates the gateway.
	 * @param jdbc the client of the data source that also holds the business rows
	 * @param database the database behind it
	 */
	public ReleaseTable(JdbcClient jdbc, Database database) {
		this.jdbc = jdbc;
		this.database = database;
	}

	/**
	 * Moves the pointer if it still names what is expected, in one statement.
	 * @return whether it moved
	 */
	boolean move(String scope, String scopeId, @Nullable UUID expected, long expectedNumber, UUID next) {
		if (expected == null) {
			return insert(scope, scopeId, next);
		}
		return this.jdbc
			.sql("update released_strates set previous_strate = build_strate, build_strate = ?,"
					+ " release_no = release_no + 1, released_at = " + this.database.nowButAfter("released_at")
					+ " where scope = ? and scope_id = ? and build_strate = ? and release_no = ?")
			.params(Database.params(this.database.uuid(next), scope, scopeId, this.database.uuid(expected),
					expectedNumber))
			.update() == 1;
	}

	private boolean insert(String scope, String scopeId, UUID next) {
		String insert = this.database.insertIfAbsent("insert into released_strates (scope, scope_id, build_strate,"
				+ " previous_strate, release_no, released_at) values (?, ?, ?, null, 1, " + this.database.now() + ")");
		try {
			return this.jdbc.sql(insert)
				.params(Database.params(scope, scopeId, this.database.uuid(next)))
				.update() == 1;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/** Logs the move that the transaction has just made. */
	void log(String scope, String scopeId, ReleaseKind kind, @Nullable Long restored, @Nullable Long overwritten,
			@Nullable String reason) {
		this.jdbc
			.sql("insert into strates_release_log (scope, scope_id, release_no, build_strate, previous_strate, kind,"
					+ " restored_release, overwritten_release, reason, released_at)"
					+ " select scope, scope_id, release_no, build_strate, previous_strate, ?, " + nullable("?") + ", "
					+ nullable("?") + ", ?, released_at from released_strates where scope = ? and scope_id = ?")
			.params(Database.params(kind.name(), restored, overwritten, reason, scope, scopeId))
			.update();
	}

	private String nullable(String parameter) {
		return switch (this.database) {
			case MARIADB, MYSQL -> parameter;
			default -> "cast(" + parameter + " as bigint)";
		};
	}

	/**
	 * Returns the live release.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return the release, or {@code null} if nothing is released
	 */
	public @Nullable Release current(String scope, String scopeId) {
		return first(LIVE + " where l.scope = ? and l.scope_id = ?", scope, scopeId);
	}

	/**
	 * Returns the live releases of a scope.
	 * @param scope the scope
	 * @return the releases, in the order of their scope ids
	 */
	public List<Release> current(String scope) {
		return list(LIVE + " where l.scope = ? order by l.scope_id", scope);
	}

	@Nullable Release find(String scope, String scopeId, long number) {
		return first(" where l.scope = ? and l.scope_id = ? and l.release_no = ?", scope, scopeId, number);
	}

	/** Returns the release that was live at an instant, unless the first came later. */
	@Nullable Release asOf(String scope, String scopeId, Instant instant) {
		return first(" where l.scope = ? and l.scope_id = ? and l.released_at <= ? order by l.release_no desc limit 1",
				scope, scopeId, this.database.timestamp(instant));
	}

	/** Returns the newest releases of a scope id, the newest first. */
	List<Release> history(String scope, String scopeId, int limit) {
		return list(" where l.scope = ? and l.scope_id = ? order by l.release_no desc limit " + limit, scope, scopeId);
	}

	/**
	 * Returns the newest release of each build of a scope that still takes up space.
	 * @param scope the scope
	 * @return the release numbers by the ids of the builds
	 */
	public Map<UUID, Long> newestNumbers(String scope) {
		return numbers("l.scope = ?", scope);
	}

	/**
	 * Returns the newest release of each build of a scope id that still takes up space.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return the release numbers by the ids of the builds
	 */
	public Map<UUID, Long> newestNumbers(String scope, String scopeId) {
		return numbers("l.scope = ? and l.scope_id = ?", scope, scopeId);
	}

	private Map<UUID, Long> numbers(String condition, @Nullable Object... params) {
		Map<UUID, Long> numbers = new HashMap<>();
		this.jdbc
			.sql("select l.build_strate, max(l.release_no) as newest from strates_release_log l"
					+ " join stratified_build b on b.build_strate = l.build_strate and b.status <> 'COLLECTED'"
					+ " where " + condition + " group by l.build_strate")
			.params(Database.params(params))
			.query((row) -> {
				numbers.put(this.database.uuid(row, "build_strate"), row.getLong("newest"));
			});
		return numbers;
	}

	/**
	 * Returns the live release as it is now, also where the transaction otherwise reads
	 * an older state.
	 */
	@Nullable Release latest(String scope, String scopeId) {
		return first(LIVE + " where l.scope = ? and l.scope_id = ?" + latestState(), scope, scopeId);
	}

	/** Returns who wrote a build, also one that is newer than what is otherwise read. */
	@Nullable String owner(UUID buildStrate) {
		return this.jdbc.sql("select owner from stratified_build where build_strate = ?" + latestState())
			.params(Database.params(this.database.uuid(buildStrate)))
			.query(String.class)
			.optional()
			.orElse(null);
	}

	/**
	 * On MariaDB and MySQL only a locking read leaves the snapshot of the transaction;
	 * the other databases have no newer state to show, or no snapshot.
	 */
	private String latestState() {
		return (this.database == Database.MARIADB || this.database == Database.MYSQL) ? " lock in share mode" : "";
	}

	/**
	 * Returns the newest release before a number that was neither itself a rollback nor
	 * rejected since, and whose build is another.
	 */
	@Nullable Release previous(String scope, String scopeId, long before, UUID except) {
		return first(
				" join stratified_build b on b.build_strate = l.build_strate and b.status <> 'REJECTED'"
						+ " where l.scope = ? and l.scope_id = ? and l.release_no < ? and l.kind = 'RELEASE'"
						+ " and l.build_strate <> ? order by l.release_no desc limit 1",
				scope, scopeId, before, this.database.uuid(except));
	}

	List<Release> after(String scope, String scopeId, long number) {
		return list(" where l.scope = ? and l.scope_id = ? and l.release_no > ? order by l.release_no", scope, scopeId,
				number);
	}

	List<Release> pointers() {
		return list(LIVE);
	}

	/**
	 * Returns the pointers that moved lately: since a moment, or by the database's clock,
	 * whichever reaches further back.
	 */
	List<Release> pointers(Instant since, Duration overlap) {
		return list(LIVE + " where p.released_at >= ? or p.released_at >= " + this.database.nowPlusMicros("?"),
				this.database.timestamp(since.minus(overlap)), -overlap.toNanos() / 1000);
	}

	boolean isInFuture(Instant instant) {
		return this.jdbc.sql("select case when " + this.database.now() + " < ? then 1 else 0 end" + fromDual())
			.param(this.database.timestamp(instant))
			.query(Integer.class)
			.single() == 1;
	}

	private String fromDual() {
		return (this.database == Database.MARIADB || this.database == Database.MYSQL) ? " from dual" : "";
	}

	private @Nullable Release first(String rest, @Nullable Object... params) {
		List<Release> found = list(rest, params);
		return found.isEmpty() ? null : found.get(0);
	}

	private List<Release> list(String rest, @Nullable Object... params) {
		return this.jdbc.sql(LOG_COLUMNS + rest).params(Database.params(params)).query(this::map).list();
	}

	private Release map(ResultSet row, int number) throws SQLException {
		return new LoggedRelease(row.getString("scope"), row.getString("scope_id"), row.getLong("release_no"),
				this.database.uuid(row, "build_strate"), this.database.nullableUuid(row, "previous_strate"),
				ReleaseKind.valueOf(row.getString("kind")), nullableLong(row, "restored_release"),
				nullableLong(row, "overwritten_release"), row.getString("reason"),
				this.database.timestamp(row, "released_at"));
	}

	private static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

}
