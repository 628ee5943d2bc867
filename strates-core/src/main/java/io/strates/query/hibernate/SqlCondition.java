package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.strates.query.hibernate.SqlQuery.Fact;
import io.strates.query.hibernate.SqlQuery.Source;

/**
 * Reads from a condition which builds it fixes whenever it is true.
 */
/*
 * AND adds what its parts fix, OR keeps what all of its parts fix, NOT and everything
 * unknown fix nothing. A comparison fixes by "=", "in" and "is not distinct from", alone
 * or as a member of a row value. What it is compared with is the build of another source
 * or a value: an expression of parameters, literals, casts, functions and subqueries that
 * names no column. A subquery is judged on its own.
 *
 * It is one thing because a condition is read downwards only: each method reads one form
 * of an expression and hands its parts to the next.
 */
final class SqlCondition {

	private static final Set<String> SUBQUERY = Set.of("select", "with", "values", "table");

	/** What is written for "no row at all". */
	private static final List<String> NEVER = List.of("1", "=", "0");

	private static final Set<String> ROW_IDS = Set.of("ctid", "_rowid_");

	private static final Set<String> WORDS = Set.of("as", "true", "false");

	/** Functions that return what they are given. */
	private static final Set<String> KEEPING = Set.of("min", "max", "any_value", "cast");

	private final SqlQuery query;

	private final Set<String> buildColumns;

	SqlCondition(SqlQuery query, Set<String> buildColumns) {
		this.query = query;
		this.buildColumns = buildColumns;
	}

	Set<Fact> facts(List<String> condition) {
		List<String> tokens = condition;
		while (isEnclosed(tokens)) {
			tokens = tokens.subList(1, tokens.size() - 1);
		}
		if (tokens.isEmpty() || SUBQUERY.contains(tokens.get(0)) || tokens.get(0).equals("not")) {
			return Set.of();
		}
		List<List<String>> alternatives = split(tokens, "or");
		if (alternatives.size() > 1) {
			Set<Fact> common = new LinkedHashSet<>(facts(alternatives.get(0)));
			alternatives.subList(1, alternatives.size()).forEach((part) -> common.retainAll(facts(part)));
			return common;
		}
		if (split(tokens, "xor").size() > 1) {
			return Set.of();
		}
		List<List<String>> parts = split(tokens, "and");
		if (parts.size() > 1) {
			Set<Fact> all = new LinkedHashSet<>();
			parts.forEach((part) -> all.addAll(facts(part)));
			return all;
		}
		return comparison(tokens);
	}

	/** Whether an expression is the build of a source, or a value that may be one. */
	boolean isBuild(List<String> expression) {
		List<String> tokens = expression;
		while (isEnclosed(tokens) && !isSubquery(tokens)) {
			tokens = inside(tokens);
		}
		if (tokens.size() > 3 && KEEPING.contains(tokens.get(0)) && isEnclosed(tokens.subList(1, tokens.size()))) {
			List<String> argument = inside(tokens.subList(1, tokens.size()));
			return isBuild(argument.subList(0, SqlWords.next(argument, 0, "as")));
		}
		return !sources(tokens).isEmpty() || isValue(tokens);
	}

	private static boolean isEnclosed(List<String> tokens) {
		return tokens.size() > 1 && tokens.get(0).equals("(") && SqlWords.closing(tokens, 0) == tokens.size() - 1;
	}

	/** Splits outside of brackets, "case … end" and "between … and …". */
	private static List<List<String>> split(List<String> tokens, String separator) {
		List<List<String>> parts = new ArrayList<>();
		int from = 0;
		int depth = 0;
		int cases = 0;
		boolean between = false;
		for (int i = 0; i < tokens.size(); i++) {
			String token = tokens.get(i);
			if (i > 0 && SqlWords.isQualified(tokens, i)) {
				continue; // a column may have the name of a word
			}
			if (token.equals("case")) {
				cases++;
			}
			if (token.equals("(") || token.equals("case")) {
				depth++;
			}
			else if (token.equals(")") || (token.equals("end") && cases-- > 0)) {
				depth--;
			}
			else if (depth == 0 && token.equals("between")) {
				between = true;
			}
			else if (depth == 0 && between && token.equals("and")) {
				between = false;
			}
			else if (depth == 0 && token.equals(separator)) {
				parts.add(tokens.subList(from, i));
				from = i + 1;
			}
		}
		parts.add(tokens.subList(from, tokens.size()));
		return parts;
	}

	private Set<Fact> comparison(List<String> tokens) {
		if (tokens.equals(NEVER)) {
			Set<Fact> all = new LinkedHashSet<>();
			this.query.sources().forEach((source) -> all.add(new Fact(source, null)));
			return all;
		}
		int depth = 0;
		for (int i = 1; i < tokens.size(); i++) {
			String token = tokens.get(i - 1);
			depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
			if (depth != 0) {
				continue;
			}
			int length = operator(tokens, i);
			if (length > 0) {
				List<String> right = tokens.subList(i + length, tokens.size());
				return compare(tokens.subList(0, i), right, tokens.get(i).equals("in"));
			}
		}
		return Set.of();
	}

	/** The number of tokens of an operator that fixes, 0 if there is none here. */
	private static int operator(List<String> tokens, int at) {
		String previous = tokens.get(at - 1);
		if (tokens.get(at).equals("=")) {
			return (previous.equals("<") || previous.equals(">") || previous.equals("!")) ? 0 : 1;
		}
		if (tokens.get(at).equals("in")) {
			return previous.equals("not") ? 0 : 1;
		}
		boolean same = at + 4 < tokens.size()
				&& tokens.subList(at, at + 4).equals(List.of("is", "not", "distinct", "from"));
		return same ? 4 : 0;
	}

	private Set<Fact> compare(List<String> left, List<String> right, boolean in) {
		if (left.size() == 1 && ROW_IDS.contains(left.get(0)) && this.query.sources().size() == 1
				&& right.contains("select")) {
			// the places of rows in the table, found by a subquery that is judged itself
			return Set.of(new Fact(this.query.sources().get(0), null));
		}
		if (isEnclosed(left) && !isSubquery(left)) {
			return compareRows(split(inside(left), ","), right, in);
		}
		if (in) {
			return fixed(sources(left), isEnclosed(right) ? inside(right) : right);
		}
		if (isEnclosed(right) && !isSubquery(right) && sources(left).isEmpty()) {
			return compare(right, left, false);
		}
		Set<Fact> facts = new LinkedHashSet<>(fixed(sources(left), right));
		facts.addAll(fixed(sources(right), left));
		return facts;
	}

	/** "(a.id, a.build_strate) = (?, ?)" and "… in ((?, ?), (?, ?))". */
	private Set<Fact> compareRows(List<List<String>> row, List<String> right, boolean in) {
		Set<Fact> facts = new LinkedHashSet<>();
		List<List<String>> others = new ArrayList<>();
		if (isSubquery(right) || !isEnclosed(right)) {
			row.forEach((member) -> facts.addAll(fixed(sources(member), right)));
			return facts;
		}
		if (in) {
			others.addAll(split(inside(right), ","));
		}
		else {
			others.add(right);
		}
		for (int i = 0; i < row.size(); i++) {
			Set<Fact> common = null;
			for (List<String> other : others) {
				Set<Fact> found = compareMember(row.get(i), other, i);
				if (common == null) {
					common = new LinkedHashSet<>(found);
				}
				else {
					common.retainAll(found);
				}
			}
			facts.addAll((common != null) ? common : Set.of());
		}
		return facts;
	}

	private Set<Fact> compareMember(List<String> member, List<String> other, int position) {
		if (!isEnclosed(other)) {
			return fixed(sources(member), other);
		}
		List<List<String>> values = split(inside(other), ",");
		return (position < values.size()) ? compare(member, values.get(position), false) : Set.of();
	}

	private Set<Fact> fixed(List<Source> sources, List<String> by) {
		Set<Fact> facts = new LinkedHashSet<>();
		for (Source source : sources) {
			if (isValue(by)) {
				facts.add(new Fact(source, null));
			}
			for (Source other : sources(by)) {
				facts.add(new Fact(source, other));
			}
		}
		return facts;
	}

	/** The sources whose build column an expression is; usually none or one. */
	private List<Source> sources(List<String> expression) {
		int size = expression.size();
		if (size == 0) {
			return List.of();
		}
		String column = SqlTokens.normalized(expression.get(size - 1));
		if (size == 1) {
			return this.query.findByBuildColumn(column);
		}
		boolean qualified = size % 2 == 1;
		for (int i = 1; i < size; i += 2) {
			qualified &= expression.get(i).equals(".");
		}
		if (!qualified) {
			return List.of();
		}
		Source source = this.query.find(SqlTokens.normalized(expression.get(size - 3)));
		return (source != null && source.isBuildColumn(column)) ? List.of(source) : List.of();
	}

	/** Whether an expression names no column and says something. */
	private boolean isValue(List<String> expression) {
		boolean says = false;
		for (int i = 0; i < expression.size(); i++) {
			String token = expression.get(i);
			if (token.equals("(") && i + 1 < expression.size() && SUBQUERY.contains(expression.get(i + 1))) {
				int end = SqlWords.closing(expression, i);
				if (dependsOnBuild(expression.subList(i + 1, end))) {
					return false;
				}
				i = end;
				says = true;
			}
			else if (i == 0 && SUBQUERY.contains(token)) {
				// what stands in the brackets of "in (select …)"
				return !dependsOnBuild(expression);
			}
			else if (token.equals("all")) {
				return false; // true for every row if it is empty
			}
			else if ("=<>|&.".contains(token)) {
				return false;
			}
			else if (SqlTokens.isName(token)) {
				if (!isPartOfValue(expression, i)) {
					return false;
				}
				says |= next(expression, i).equals("(");
			}
			else {
				says |= SqlTokens.isValue(token);
			}
		}
		return says;
	}

	/**
	 * Whether a subquery reads the build that is to be fixed by it: then it says nothing.
	 * A subquery without a table of its own has no other build to read.
	 */
	private boolean dependsOnBuild(List<String> subquery) {
		if (!this.query.buildsReadBy(subquery).isEmpty()) {
			return true;
		}
		return !subquery.contains("from") && !subquery.contains("table")
				&& subquery.stream().map(SqlTokens::normalized).anyMatch(this.buildColumns::contains);
	}

	/** A function, a type or a named parameter, not a column. */
	private boolean isPartOfValue(List<String> expression, int at) {
		String next = next(expression, at);
		String previous = (at > 0) ? expression.get(at - 1) : "";
		if (this.buildColumns.contains(SqlTokens.normalized(expression.get(at)))) {
			return false;
		}
		return next.equals("(") || next.equals("[") || next.equals(SqlTokens.LITERAL) || previous.equals(":")
				|| previous.equals("as") || WORDS.contains(expression.get(at));
	}

	private static String next(List<String> expression, int at) {
		return (at + 1 < expression.size()) ? expression.get(at + 1) : "";
	}

	private static List<String> inside(List<String> enclosed) {
		return enclosed.subList(1, enclosed.size() - 1);
	}

	private static boolean isSubquery(List<String> tokens) {
		int i = 0;
		while (i < tokens.size() && tokens.get(i).equals("(")) {
			i++;
		}
		return i > 0 && i < tokens.size() && SUBQUERY.contains(tokens.get(i));
	}

}
