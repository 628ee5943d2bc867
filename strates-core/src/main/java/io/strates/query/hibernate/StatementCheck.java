package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.strates.entity.StratifiedTable;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether an SQL text fixes the build of every stratified table that it names.
 */
/*
 * The text is cut into tokens; comments and literals drop out of sight. Each place where
 * a stratified table is named introduces an alias. Comparisons "x.build_strate = …" are
 * collected anywhere in the text, also as members of row values: "(a.id, a.build_strate)
 * in ((?, ?))". One side fixes the other: a parameter or literal fixes an alias; an alias
 * that is equal to a fixed alias is fixed. Every alias must be fixed in the end. This
 * over-approximates: a comparison under OR or NOT counts too. It is a net under the
 * filter and the composite keys, not a proof, and it is meant to catch the statement
 * whose author did not think of builds at all.
 */
final class StatementCheck {

	private static final Set<String> TABLE_FOLLOWS = Set.of("from", "join", "update", "into", "using", "table");

	private static final Set<String> NOT_ALIASES = Set.of("where", "on", "using", "left", "right", "inner", "outer",
			"full", "cross", "join", "natural", "set", "values", "select", "group", "order", "having", "limit",
			"offset", "fetch", "for", "union", "except", "intersect", "returning", "default", "as", "window",
			"tablesample", "with", "lock", "when", "straight_join", "use", "force", "ignore", "partition");

	private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge", "truncate", "replace");

	private final Map<String, StratifiedTable> tables = new HashMap<>();

	StatementCheck(Collection<StratifiedTable> tables) {
		tables.forEach((table) -> this.tables.put(normalized(table.plainName()), table));
	}

	/**
	 * What was found.
	 *
	 * @param writes whether a stratified table is changed
	 * @param problem what is wrong, or {@code null}
	 * @param remedy what to write instead
	 */
	record Verdict(boolean writes, @Nullable String problem, String remedy) {

		static final Verdict FINE = new Verdict(false, null, "");

	}

	Verdict verdict(String sql) {
		if (!mentionsTable(sql)) {
			return Verdict.FINE;
		}
		List<String> tokens = SqlTokens.of(sql);
		Map<String, StratifiedTable> aliases = new LinkedHashMap<>();
		boolean writes = findTables(tokens, aliases);
		if (aliases.isEmpty()) {
			return Verdict.FINE;
		}
		if (writes && isPlainInsert(tokens)) {
			return new Verdict(true, null, "");
		}
		Set<String> fixed = new BuildComparisons(tokens, aliases).fixed();
		for (Map.Entry<String, StratifiedTable> alias : aliases.entrySet()) {
			if (!fixed.contains(alias.getKey())) {
				StratifiedTable table = alias.getValue();
				return new Verdict(writes,
						"The statement names the stratified table " + table.name() + " without fixing its build",
						"compare " + table.buildColumn() + " with the build of queries.current(\""
								+ table.type().scope() + "\"), or use JPQL or a repository inside a pin");
			}
		}
		return new Verdict(writes, null, "");
	}

	/** Cheap and conservative: most statements of an application name none. */
	private boolean mentionsTable(String sql) {
		String lower = sql.toLowerCase(Locale.ROOT);
		for (String name : this.tables.keySet()) {
			if (lower.contains(name)) {
				return true;
			}
		}
		return false;
	}

	private boolean isPlainInsert(List<String> tokens) {
		return tokens.get(0).equals("insert") && !tokens.contains("select");
	}

	/**
	 * Collects aliases and returns whether a stratified table is the target of a change.
	 */
	private boolean findTables(List<String> tokens, Map<String, StratifiedTable> aliases) {
		boolean writes = false;
		for (int i = 0; i < tokens.size(); i++) {
			StratifiedTable table = this.tables.get(normalized(tokens.get(i)));
			if (table == null || !isTablePosition(tokens, i)) {
				continue;
			}
			int after = i + 1;
			if (after < tokens.size() && tokens.get(after).equals("as")) {
				after++;
			}
			boolean aliased = after < tokens.size() && SqlTokens.isName(tokens.get(after))
					&& !NOT_ALIASES.contains(tokens.get(after));
			String alias = aliased ? normalized(tokens.get(after)) : normalized(tokens.get(i));
			// the same alias in two subqueries counts as one: each must be fixed by its
			// name
			aliases.put(alias, table);
			writes |= isTarget(tokens, i);
		}
		return writes;
	}

	private static boolean isTablePosition(List<String> tokens, int index) {
		int before = beforeQualifiers(tokens, index);
		if (before < 0) {
			return false;
		}
		String previous = tokens.get(before);
		if (TABLE_FOLLOWS.contains(previous) || previous.equals("only") || previous.equals("truncate")) {
			return true;
		}
		return (previous.equals(",") || previous.equals("(")) && isInTableList(tokens, before);
	}

	/** Steps back over "schema." in front of a table. */
	private static int beforeQualifiers(List<String> tokens, int index) {
		int before = index - 1;
		while (before >= 1 && tokens.get(before).equals(".")) {
			before -= 2;
		}
		return before;
	}

	/** Whether a comma or bracket belongs to the list after FROM or JOIN. */
	private static boolean isInTableList(List<String> tokens, int index) {
		int depth = 0;
		for (int i = index - (tokens.get(index).equals("(") ? 1 : 0); i >= 0; i--) {
			String token = tokens.get(i);
			if (token.equals(")")) {
				depth++;
			}
			else if (token.equals("(")) {
				if (depth == 0 && !(i > 0 && TABLE_FOLLOWS.contains(tokens.get(i - 1)))) {
					return false;
				}
				depth = Math.max(0, depth - 1);
			}
			else if (depth == 0 && (token.equals("from") || token.equals("join") || token.equals("update"))) {
				return true;
			}
			else if (depth == 0 && (token.equals("select") || token.equals("where") || token.equals("set")
					|| token.equals("values") || token.equals("by") || token.equals("on"))) {
				return false;
			}
		}
		return false;
	}

	private static boolean isTarget(List<String> tokens, int index) {
		int before = beforeQualifiers(tokens, index);
		String previous = tokens.get(before);
		if (previous.equals("into") || previous.equals("truncate") || previous.equals("update")) {
			// "select … for update" is followed by no table
			return true;
		}
		if (previous.equals("table") || previous.equals("only")) {
			return WRITES.contains(tokens.get(Math.max(0, before - 1)));
		}
		return previous.equals("from") && before > 0 && tokens.get(before - 1).equals("delete");
	}

	static String normalized(String name) {
		String bare = name;
		if (bare.length() > 1 && (bare.charAt(0) == '"' || bare.charAt(0) == '`' || bare.charAt(0) == '[')) {
			bare = bare.substring(1, bare.length() - 1);
		}
		return bare.toLowerCase(Locale.ROOT);
	}

	/** The comparisons of build columns in a text. */
	private static final class BuildComparisons {

		private final List<String> tokens;

		private final Map<String, StratifiedTable> aliases;

		private final Set<String> fixed = new HashSet<>();

		private final List<String[]> equal = new ArrayList<>();

		BuildComparisons(List<String> tokens, Map<String, StratifiedTable> aliases) {
			this.tokens = tokens;
			this.aliases = aliases;
		}

		Set<String> fixed() {
			for (int i = 0; i < this.tokens.size(); i++) {
				String alias = aliasOfBuildColumn(i);
				if (alias != null) {
					compare(alias, i);
				}
			}
			boolean grown = true;
			while (grown) {
				grown = false;
				for (String[] pair : this.equal) {
					if (this.fixed.contains(pair[0]) != this.fixed.contains(pair[1])) {
						this.fixed.add(pair[0]);
						this.fixed.add(pair[1]);
						grown = true;
					}
				}
			}
			return this.fixed;
		}

		/** The alias whose build column stands at a position, or {@code null}. */
		private @Nullable String aliasOfBuildColumn(int index) {
			String column = normalized(this.tokens.get(index));
			boolean qualified = index >= 2 && this.tokens.get(index - 1).equals(".");
			if (qualified) {
				String alias = normalized(this.tokens.get(index - 2));
				StratifiedTable table = this.aliases.get(alias);
				return (table != null && normalized(table.buildColumn()).equals(column)) ? alias : null;
			}
			String only = null;
			for (Map.Entry<String, StratifiedTable> entry : this.aliases.entrySet()) {
				if (normalized(entry.getValue().buildColumn()).equals(column)) {
					if (only != null) {
						return null;
					}
					only = entry.getKey();
				}
			}
			return only;
		}

		private void compare(String alias, int index) {
			int next = index + 1;
			int previous = index - (isQualified(index) ? 3 : 1);
			if (isComparison(next)) {
				compareWith(alias, next + 1);
			}
			else if (previous >= 1 && this.tokens.get(previous).equals("=")) {
				compareBackwards(alias, previous - 1);
			}
			else if (isInRowValue(index)) {
				this.fixed.add(alias);
			}
		}

		private boolean isQualified(int index) {
			return index >= 2 && this.tokens.get(index - 1).equals(".");
		}

		private boolean isComparison(int index) {
			return index < this.tokens.size()
					&& (this.tokens.get(index).equals("=") || this.tokens.get(index).equals("in"));
		}

		private void compareWith(String alias, int right) {
			if (right >= this.tokens.size()) {
				return;
			}
			if (SqlTokens.isName(this.tokens.get(right)) && right + 2 < this.tokens.size()
					&& this.tokens.get(right + 1).equals(".")) {
				String other = aliasOfBuildColumn(right + 2);
				if (other != null) {
					this.equal.add(new String[] { alias, other });
				}
				return;
			}
			if (SqlTokens.isValue(this.tokens.get(right)) || this.tokens.get(right).equals("(")
					|| this.tokens.get(right).equals("any") || this.tokens.get(right).equals("cast")) {
				this.fixed.add(alias);
			}
		}

		private void compareBackwards(String alias, int left) {
			if (SqlTokens.isValue(this.tokens.get(left)) || this.tokens.get(left).equals(")")) {
				this.fixed.add(alias);
			}
		}

		/** "(a.id, a.build_strate) in (…)" or "… = (…)", in either order. */
		private boolean isInRowValue(int index) {
			int close = index + 1;
			while (close < this.tokens.size() && !this.tokens.get(close).equals(")")) {
				if (this.tokens.get(close).equals("(")) {
					return false;
				}
				close++;
			}
			return isComparison(close + 1);
		}

	}

}
