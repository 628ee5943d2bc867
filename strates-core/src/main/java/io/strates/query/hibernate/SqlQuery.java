package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One {@code select}, {@code update}, {@code delete} or {@code merge} of a statement:
 * what it reads from, and the conditions on it. A subquery and each branch of a
 * {@code union} are queries of their own.
 */
final class SqlQuery {

	private final @Nullable SqlQuery outer;

	private final List<Source> sources = new ArrayList<>();

	private final List<Condition> conditions = new ArrayList<>();

	private final Set<Source> fixed = new LinkedHashSet<>();

	SqlQuery(@Nullable SqlQuery outer) {
		this.outer = outer;
	}

	List<Source> sources() {
		return this.sources;
	}

	List<Condition> conditions() {
		return this.conditions;
	}

	/** The source that a qualifier means here, looked up from the inside out. */
	@Nullable Source find(String alias) {
		for (SqlQuery query = this; query != null; query = query.outer) {
			for (Source source : query.sources) {
				if (source.alias().equals(alias)) {
					return source;
				}
			}
		}
		return null;
	}

	/** The sources whose build a subquery names by their alias. */
	Map<Source, String> buildsReadBy(List<String> subquery) {
		Map<Source, String> read = new LinkedHashMap<>();
		for (int i = 2; i < subquery.size(); i++) {
			String alias = SqlTokens.normalized(subquery.get(i - 2));
			String column = SqlTokens.normalized(subquery.get(i));
			if (SqlWords.isQualified(subquery, i) && !isNamed(alias, subquery)) {
				this.sources.stream()
					.filter((source) -> source.alias().equals(alias) && source.isBuildColumn(column))
					.forEach((source) -> read.put(source, column));
			}
		}
		return read;
	}

	/** Whether a query has a source of its own of a name. */
	private static boolean isNamed(String alias, List<String> query) {
		for (int i = 0; i < query.size(); i++) {
			boolean qualifies = i + 1 < query.size() && query.get(i + 1).equals(".");
			if (!qualifies && SqlTokens.normalized(query.get(i)).equals(alias)) {
				return true;
			}
		}
		return false;
	}

	/** The sources whose build an unqualified column means here. */
	List<Source> findByBuildColumn(String column) {
		for (SqlQuery query = this; query != null; query = query.outer) {
			List<Source> found = query.sources.stream().filter((source) -> source.isBuildColumn(column)).toList();
			if (!found.isEmpty()) {
				return found;
			}
		}
		return List.of();
	}

	/**
	 * Finds out what is fixed; to be called on outer queries first.
	 * @param buildColumns the names of all columns that hold builds
	 * @return a stratified source that is not fixed, or {@code null}
	 */
	@Nullable Source findUnfixed(Set<String> buildColumns) {
		Set<Fact> facts = new LinkedHashSet<>();
		SqlCondition reader = new SqlCondition(this, buildColumns);
		for (Condition condition : this.conditions) {
			for (Fact fact : reader.facts(condition.tokens())) {
				if (condition.restricts().contains(fact.source())) {
					facts.add(fact);
				}
			}
		}
		this.sources.stream().filter(Source::judged).forEach(this.fixed::add);
		boolean grown = true;
		while (grown) {
			grown = false;
			for (Fact fact : facts) {
				if (fact.by() == null || isFixed(fact.by())) {
					grown |= this.fixed.add(fact.source());
				}
			}
		}
		return this.sources.stream()
			.filter((source) -> source.stratified() && !this.fixed.contains(source))
			.findFirst()
			.orElse(null);
	}

	private boolean isFixed(Source source) {
		return this.fixed.contains(source) || (this.outer != null && this.outer.isFixed(source));
	}

	/** A table, derived table or function that is read; each mention is one. */
	static final class Source {

		private final String alias;

		private final @Nullable String table;

		private final @Nullable String buildColumn;

		private final boolean judged;

		private Source(String alias, @Nullable String table, @Nullable String buildColumn, boolean judged) {
			this.alias = alias;
			this.table = table;
			this.buildColumn = buildColumn;
			this.judged = judged;
		}

		/** A stratified table; a list of new column names hides its build column. */
		static Source stratified(String alias, String table, @Nullable String buildColumn) {
			return new Source(alias, table, buildColumn, false);
		}

		/**
		 * A subquery or common table expression.
		 * @param judged whether all its rows come from stratified tables or values, so
		 * that a build in them is a fixed one if the subquery itself passes
		 */
		static Source derived(String alias, boolean judged, String buildColumn) {
			return new Source(alias, null, judged ? buildColumn : null, judged);
		}

		/**
		 * A subquery that reads the build of a source beside it, and so has that build.
		 */
		static Source dependent(String alias, String buildColumn) {
			return new Source(alias, null, buildColumn, false);
		}

		static Source other(String alias) {
			return new Source(alias, null, null, false);
		}

		String alias() {
			return this.alias;
		}

		/** The key of a stratified table. */
		@Nullable String table() {
			return this.table;
		}

		boolean stratified() {
			return this.table != null;
		}

		boolean judged() {
			return this.judged;
		}

		boolean isBuildColumn(String column) {
			return column.equals(this.buildColumn);
		}

	}

	/**
	 * A condition of {@code where} or {@code on}.
	 *
	 * @param tokens the text
	 * @param restricts the sources of which it leaves rows out; an outer join leaves out
	 * none of the side that it preserves
	 */
	record Condition(List<String> tokens, Set<Source> restricts) {
	}

	/**
	 * Says that a source is fixed, or is so if another is.
	 *
	 * @param source the source
	 * @param by the source that has the same build, or {@code null} for a value
	 */
	record Fact(Source source, @Nullable Source by) {
	}

}
