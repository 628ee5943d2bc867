package io.strates.release;

import java.util.List;

import io.strates.TestNode;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds of pointers, log and builds between any two transactions. */
public final class ReleaseInvariants {

	private ReleaseInvariants() {
	}

	/** Checks all scope ids of a database. */
	public static void check(TestNode node) {
		check(node.jdbc);
	}

	/** Checks all scope ids that a client of the database sees. */
	public static void check(JdbcClient jdbc) {
		none(jdbc, "pointer without its log row", """
				select p.scope_id from released_strates p left join strates_release_log l
				on l.scope = p.scope and l.scope_id = p.scope_id and l.release_no = p.release_no
				and l.build_strate = p.build_strate and l.released_at = p.released_at
				where l.scope is null""");
		none(jdbc, "pointer that is not the newest log row", """
				select p.scope_id from released_strates p
				where p.release_no <> (select max(l.release_no) from strates_release_log l
				where l.scope = p.scope and l.scope_id = p.scope_id)""");
		none(jdbc, "gap in the numbers", """
				select scope_id from strates_release_log group by scope, scope_id
				having count(*) <> max(release_no) or min(release_no) <> 1""");
		none(jdbc, "log without a pointer", """
				select l.scope_id from strates_release_log l where not exists (select 1 from released_strates p
				where p.scope = l.scope and p.scope_id = l.scope_id)""");
		none(jdbc, "live build that is not RELEASED", """
				select p.scope_id from released_strates p left join stratified_build b
				on b.build_strate = p.build_strate and b.scope = p.scope and b.scope_id = p.scope_id
				where b.status is null or b.status <> 'RELEASED'""");
		none(jdbc, "RELEASED build that is not in the log", """
				select b.scope_id from stratified_build b where b.status in ('RELEASED', 'REJECTED')
				and not exists (select 1 from strates_release_log l where l.build_strate = b.build_strate)""");
		none(jdbc, "log row that does not follow the one before", """
				select n.scope_id from strates_release_log n join strates_release_log o
				on o.scope = n.scope and o.scope_id = n.scope_id and o.release_no = n.release_no - 1
				where n.previous_strate <> o.build_strate or n.released_at <= o.released_at""");
	}

	private static void none(JdbcClient jdbc, String what, String sql) {
		List<String> found = jdbc.sql(sql).query(String.class).list();
		assertThat(found).as(what).isEmpty();
	}

}
