package io.strates.query.hibernate;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.strates.entity.StratifiedTable;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether an SQL text fixes the build of every stratified table that it names.
 */
/*
 * Each mention of a stratified table, in each subquery and each branch of a union, must
 * be fixed in that query: by a value, or by the build of another source that is fixed
 * there or around it. What counts as fixing is described at SqlCondition, and which
 * tables a join condition leaves rows out of at SqlQuery.Condition. A subquery never
 * fixes what is outside of it.
 *
 * This is a net under the filter and the composite keys, meant to catch the statement
 * whose author did not think of builds. It sees that a build is fixed, not which.
 */
final class StatementCheck {

	/** Where databases disagree on what is text, comment or statement. */
	private static final Pattern DISPUTED = Pattern.compile("[\\\\#]|/\\*");

	private final SqlTables tables;

	private final Map<String, StratifiedTable> byKey = new HashMap<>();

	private final Set<String> buildColumns;

	StatementCheck(Collection<StratifiedTable> tables) {
		this.tables = new SqlTables(tables);
		tables.forEach((table) -> this.byKey.put(table.name(), table));
		this.buildColumns = tables.stream()
			.map((table) -> SqlTokens.normalized(table.buildColumn()))
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * What was found.
	 *
	 * @param writes whether a stratified table is changed
	 * @param changes the scopes of which rows may be changed that are there already: none
	 * for an insert of values
	 * @param problem what is wrong, or {@code null}
	 * @param remedy what to write instead
	 */
	record Verdict(boolean writes, Set<String> changes, @Nullable String problem, String remedy) {

		static final Verdict FINE = new Verdict(false, Set.of(), null, "");

	}

	Verdict verdict(String sql) {
		if (!this.tables.mayBeNamedIn(sql)) {
			return Verdict.FINE;
		}
		Verdict verdict = verdict(SqlTokens.of(sql, false));
		if (verdict.problem() == null && DISPUTED.matcher(sql).find()) {
			// fine is what is fine in both readings
			Verdict other = verdict(SqlTokens.of(sql, true));
			return (other.problem() != null || other.writes()) ? other : verdict;
		}
		return verdict;
	}

	private Verdict verdict(List<String> tokens) {
		SqlParser parser = new SqlParser(this.tables, this.buildColumns);
		parser.parse(tokens);
		if (parser.truncated() != null) {
			return new Verdict(true, Set.of(),
					"The statement empties the stratified table " + parser.truncated() + " of the rows of all builds",
					"leave old builds to garbage collection");
		}
		for (SqlQuery query : parser.queries()) {
			SqlQuery.Source unfixed = query.findUnfixed(this.buildColumns);
			if (unfixed != null) {
				return refused(parser.writes(), unfixed);
			}
		}
		return parser.writes() ? new Verdict(true, changes(tokens, parser), null, "") : Verdict.FINE;
	}

	/** The scopes that a change may touch; those that it only reads count too. */
	private Set<String> changes(List<String> tokens, SqlParser parser) {
		if (tokens.get(0).equals("insert") && !tokens.contains("select")) {
			return Set.of();
		}
		Set<String> scopes = new HashSet<>();
		for (SqlQuery query : parser.queries()) {
			for (SqlQuery.Source source : query.sources()) {
				StratifiedTable table = this.byKey.get(source.table());
				if (table != null) {
					scopes.add(table.type().scope());
				}
			}
		}
		return scopes;
	}

	private Verdict refused(boolean writes, SqlQuery.Source source) {
		StratifiedTable table = Objects.requireNonNull(this.byKey.get(source.table()));
		return new Verdict(writes, Set.of(),
				"The statement names the stratified table " + table.name()
						+ (source.alias().equals(SqlTokens.normalized(table.plainName())) ? ""
								: " (as " + source.alias() + ")")
						+ " without fixing its build",
				"compare " + table.buildColumn() + " with the build of queries.current(\"" + table.type().scope()
						+ "\"), or use JPQL or a repository inside a pin");
	}

}
