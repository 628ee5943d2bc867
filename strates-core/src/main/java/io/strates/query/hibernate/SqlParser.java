package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.entity.StratifiedTable;
import io.strates.query.hibernate.SqlQuery.Condition;
import io.strates.query.hibernate.SqlQuery.Source;
import org.jspecify.annotations.Nullable;

/**
 * Takes a statement apart into its queries.
 */
/*
 * This is no grammar of SQL. It knows where tables may stand and where conditions stand,
 * for the dialects of the supported databases at once, and steps over everything else,
 * looking into brackets for subqueries. What begins with a word of data definition or
 * administration is not looked at. Text that is not understood names a table without any
 * condition, at worst: it is refused rather than let through.
 */
final class SqlParser {

	private static final Set<String> QUERY = Set.of("select", "with", "values", "table", "insert", "update", "delete",
			"merge", "replace", "truncate");

	private static final Set<String> NOT_LOOKED_AT = Set.of("create", "alter", "drop", "comment", "grant", "revoke",
			"analyze", "vacuum", "lock", "cluster", "reindex", "refresh", "set", "show", "begin", "commit", "rollback",
			"savepoint", "release", "describe", "unlock", "optimize");

	private static final Set<String> SET_OPERATIONS = Set.of("union", "intersect", "except", "minus");

	private static final Set<String> CLAUSES = Set.of("where", "group", "having", "order", "limit", "offset", "fetch",
			"for", "window", "returning", "set", "from", "lock", "connect", "start", "into", "qualify");

	private static final Set<String> JOINS = Set.of("join", "straight_join");

	private static final Set<String> BEFORE_JOIN = Set.of("left", "right", "full", "inner", "cross", "natural",
			"outer");

	/** Words that may stand in front of a table. */
	private static final Set<String> MODIFIERS = Set.of("only", "lateral", "table", "ignore", "low_priority", "quick",
			"high_priority", "delayed");

	private static final Set<String> NO_ALIAS = Set.of("on", "using", "as", "use", "force", "ignore", "partition",
			"tablesample", "union", "intersect", "except", "minus", "select", "values", "with", "default");

	private final Map<String, List<StratifiedTable>> tables;

	private final String buildColumn;

	private final List<SqlQuery> queries = new ArrayList<>();

	private @Nullable String truncated;

	private boolean writes;

	/**
	 * Creates a parser of one statement.
	 * @param tables the stratified tables by their plain names
	 * @param buildColumn the column by which subqueries hand builds on
	 */
	SqlParser(Map<String, List<StratifiedTable>> tables, String buildColumn) {
		this.tables = tables;
		this.buildColumn = buildColumn;
	}

	static Map<String, List<StratifiedTable>> byName(Collection<StratifiedTable> tables) {
		Map<String, List<StratifiedTable>> byName = new HashMap<>();
		for (StratifiedTable table : tables) {
			byName.computeIfAbsent(SqlTokens.normalized(table.plainName()), (name) -> new ArrayList<>()).add(table);
		}
		return byName;
	}

	/** All queries, the outer ones before those inside them. */
	List<SqlQuery> queries() {
		return this.queries;
	}

	/** Whether a stratified table is the target of a change. */
	boolean writes() {
		return this.writes;
	}

	/** A stratified table that is emptied of all builds, or {@code null}. */
	@Nullable String truncated() {
		return this.truncated;
	}

	void parse(List<String> tokens) {
		for (List<String> statement : split(tokens, Set.of(";"))) {
			if (!statement.isEmpty() && !NOT_LOOKED_AT.contains(statement.get(0))) {
				parseStatement(statement);
			}
		}
	}

	private void parseStatement(List<String> tokens) {
		int i = 0;
		while (i < tokens.size() && !QUERY.contains(tokens.get(i)) && !tokens.get(i).equals("(")) {
			i++; // "explain", "declare … cursor for"
		}
		if (i < tokens.size() && QUERY.contains(tokens.get(i))) {
			parseQuery(tokens.subList(i, tokens.size()), null, Map.of());
		}
		else {
			subqueries(tokens, null, Map.of());
		}
	}

	/**
	 * Parses a query with its common table expressions and set operations.
	 * @return whether all rows come from stratified tables or values
	 */
	private boolean parseQuery(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> known) {
		Map<String, Boolean> named = new HashMap<>(known);
		List<String> body = tokens;
		if (!tokens.isEmpty() && tokens.get(0).equals("with")) {
			body = tokens.subList(parseCommonTables(tokens, outer, named), tokens.size());
		}
		boolean judged = true;
		for (List<String> branch : split(body, SET_OPERATIONS)) {
			judged &= parseBranch(branch, outer, named);
		}
		return judged;
	}

	/** "with [recursive] a [(x, y)] as [[not] materialized] (…), b as (…)". */
	private int parseCommonTables(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		int i = 1;
		boolean recursive = i < tokens.size() && tokens.get(i).equals("recursive");
		i += recursive ? 1 : 0;
		while (i < tokens.size() && SqlTokens.isName(tokens.get(i)) && !QUERY.contains(tokens.get(i))) {
			String name = SqlTokens.normalized(tokens.get(i));
			boolean renamed = ++i < tokens.size() && tokens.get(i).equals("(");
			if (renamed) {
				i = SqlCondition.closing(tokens, i) + 1;
			}
			while (i < tokens.size() && !tokens.get(i).equals("(")) {
				i++;
			}
			int end = SqlCondition.closing(tokens, i);
			if (i >= tokens.size()) {
				return i;
			}
			if (recursive) {
				named.put(name, true);
			}
			named.put(name, parseQuery(tokens.subList(i + 1, end), outer, named) && (!renamed || recursive));
			i = end + 1;
			while (i < tokens.size() && !tokens.get(i).equals(",") && !QUERY.contains(tokens.get(i))
					&& !tokens.get(i).equals("(")) {
				i++; // "search", "cycle"
			}
			if (i >= tokens.size() || !tokens.get(i).equals(",")) {
				return Math.min(i, tokens.size());
			}
			i++;
		}
		return i;
	}

	private boolean parseBranch(List<String> branch, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		List<String> tokens = branch;
		if (!tokens.isEmpty() && (tokens.get(0).equals("all") || tokens.get(0).equals("distinct"))) {
			tokens = tokens.subList(1, tokens.size());
		}
		if (tokens.isEmpty()) {
			return true;
		}
		switch (tokens.get(0)) {
			case "(" -> {
				int end = SqlCondition.closing(tokens, 0);
				subqueries(tokens.subList(Math.min(end + 1, tokens.size()), tokens.size()), outer, named);
				return parseQuery(tokens.subList(1, Math.min(end, tokens.size())), outer, named);
			}
			case "insert", "replace" -> parseInsert(tokens, outer, named);
			case "truncate" -> parseTruncate(tokens, named);
			case "merge" -> parseMerge(tokens, outer, named);
			case "values" -> subqueries(tokens, outer, named);
			default -> {
				return parseSelect(tokens, outer, named);
			}
		}
		return false;
	}

	/** The target needs no build fixed, since rows carry theirs; the source does. */
	private void parseInsert(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		int i = 1;
		while (i < tokens.size() && (MODIFIERS.contains(tokens.get(i)) || tokens.get(i).equals("into"))) {
			i++;
		}
		int last = nameEnd(tokens, i);
		this.writes |= find(tokens, i, last) != null;
		i = last + 1;
		while (i < tokens.size() && !QUERY.contains(tokens.get(i)) && !isQueryAhead(tokens, i)) {
			i = tokens.get(i).equals("(") ? SqlCondition.closing(tokens, i) + 1 : i + 1;
		}
		if (i < tokens.size()) {
			parseQuery(tokens.subList(i, tokens.size()), outer, named);
		}
	}

	private static boolean isQueryAhead(List<String> tokens, int at) {
		int i = at;
		while (i < tokens.size() && tokens.get(i).equals("(")) {
			i++;
		}
		return i > at && i < tokens.size() && QUERY.contains(tokens.get(i));
	}

	private void parseTruncate(List<String> tokens, Map<String, Boolean> named) {
		SqlQuery query = new SqlQuery(null);
		int from = (tokens.size() > 1 && tokens.get(1).equals("table")) ? 2 : 1;
		parseSources(tokens.subList(Math.min(from, tokens.size()), tokens.size()), query, named);
		for (Source source : query.sources()) {
			if (source.stratified()) {
				this.writes = true;
				this.truncated = source.table();
			}
		}
	}

	private void parseMerge(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		SqlQuery query = open(outer);
		int using = next(tokens, 1, "using");
		int on = next(tokens, using, "on");
		int when = next(tokens, on, "when");
		int into = tokens.size() > 1 && tokens.get(1).equals("into") ? 2 : 1;
		parseSources(tokens.subList(into, using), query, named);
		this.writes |= query.sources().stream().anyMatch(Source::stratified);
		parseSources(tokens.subList(Math.min(using + 1, on), on), query, named);
		List<String> condition = tokens.subList(Math.min(on + 1, when), when);
		List<String> actions = tokens.subList(when, tokens.size());
		subqueries(condition, query, named);
		subqueries(actions, query, named);
		if (java.util.Collections.indexOfSubList(actions, List.of("by", "source")) < 0) {
			query.conditions().add(new Condition(condition, new HashSet<>(query.sources())));
		}
	}

	private SqlQuery open(@Nullable SqlQuery outer) {
		SqlQuery query = new SqlQuery(outer);
		this.queries.add(query);
		return query;
	}

	/** Parses "select", "update", "delete" and PostgreSQL's "table". */
	private boolean parseSelect(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		SqlQuery query = open(outer);
		String verb = tokens.get(0);
		List<List<String>> conditions = new ArrayList<>();
		String clause = (verb.equals("update") || verb.equals("table")) ? "from" : verb;
		int from = 1;
		for (int i = 1; i <= tokens.size(); i++) {
			if (i < tokens.size() && !startsClause(tokens, i, verb)) {
				i = tokens.get(i).equals("(") ? SqlCondition.closing(tokens, i) : i;
				continue;
			}
			parseClause(clause, tokens.subList(from, Math.min(i, tokens.size())), query, named, conditions);
			boolean target = (verb.equals("update") && from == 1) || (verb.equals("delete") && clause.equals("from"));
			this.writes |= target && query.sources().stream().anyMatch(Source::stratified);
			clause = (i < tokens.size()) ? tokens.get(i) : "";
			from = i + 1;
		}
		Set<Source> all = new HashSet<>(query.sources());
		conditions.forEach((condition) -> query.conditions().add(new Condition(condition, all)));
		return query.sources().stream().allMatch((source) -> source.stratified() || source.judged());
	}

	private static boolean startsClause(List<String> tokens, int at, String verb) {
		String token = tokens.get(at);
		if (token.equals("using")) {
			return verb.equals("delete") && !tokens.get(Math.min(at + 1, tokens.size() - 1)).equals("(");
		}
		if (!CLAUSES.contains(token) || isQualified(tokens, at)) {
			return false;
		}
		boolean compared = token.equals("from") && tokens.get(at - 1).equals("distinct") && at > 1
				&& (tokens.get(at - 2).equals("is") || tokens.get(at - 2).equals("not"));
		return !compared;
	}

	private static boolean isQualified(List<String> tokens, int at) {
		return tokens.get(at - 1).equals(".");
	}

	private void parseClause(String clause, List<String> text, SqlQuery query, Map<String, Boolean> named,
			List<List<String>> conditions) {
		switch (clause) {
			case "from", "using" -> parseSources(text, query, named);
			case "delete" -> {
				// MySQL names targets here; all of them stand after "from" again
			}
			case "where" -> {
				conditions.add(text);
				subqueries(text, query, named);
			}
			default -> subqueries(text, query, named);
		}
	}

	/** Looks into brackets for queries, at any depth. */
	private void subqueries(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		for (int i = 0; i + 1 < tokens.size(); i++) {
			if (tokens.get(i).equals("(") && QUERY.contains(tokens.get(i + 1)) && isQuery(tokens, i + 1)) {
				int end = SqlCondition.closing(tokens, i);
				parseQuery(tokens.subList(i + 1, end), outer, named);
				i = end;
			}
		}
	}

	/** "replace(…)", "insert(…)" and "truncate(…)" are functions too. */
	private static boolean isQuery(List<String> tokens, int at) {
		boolean function = at + 1 < tokens.size() && tokens.get(at + 1).equals("(");
		return !function || Set.of("select", "values", "with").contains(tokens.get(at));
	}

	private void parseSources(List<String> tokens, SqlQuery query, Map<String, Boolean> named) {
		List<Join> open = new ArrayList<>();
		boolean expected = true;
		int i = 0;
		while (i < tokens.size()) {
			String token = tokens.get(i);
			if (expected && MODIFIERS.contains(token)) {
				i++;
			}
			else if (expected) {
				i = parseSource(tokens, i, query, named);
				expected = false;
			}
			else if (token.equals(",")) {
				open.clear();
				expected = true;
				i++;
			}
			else if (JOINS.contains(token)) {
				open.add(new Join(kind(tokens, i), query.sources().size()));
				expected = true;
				i++;
			}
			else if (token.equals("on") || token.equals("using")) {
				Join join = open.isEmpty() ? new Join("inner", 0) : open.remove(open.size() - 1);
				int end = conditionEnd(tokens, i + 1);
				List<String> condition = tokens.subList(i + 1, end);
				if (token.equals("on")) {
					query.conditions().add(new Condition(condition, join.restricts(query)));
					subqueries(condition, query, named);
				}
				else {
					joinUsing(condition, join, query);
				}
				i = end;
			}
			else if (token.equals("(")) {
				int end = SqlCondition.closing(tokens, i);
				subqueries(tokens.subList(i, Math.min(end + 1, tokens.size())), query, named);
				i = end + 1;
			}
			else {
				i++;
			}
		}
	}

	/** The word that says which side of a join is preserved. */
	private static String kind(List<String> tokens, int join) {
		for (int i = join - 1; i >= 0 && BEFORE_JOIN.contains(tokens.get(i)); i--) {
			String word = tokens.get(i);
			if (word.equals("left") || word.equals("right") || word.equals("full")) {
				return word;
			}
		}
		return "inner";
	}

	private static int conditionEnd(List<String> tokens, int from) {
		for (int i = from; i < tokens.size(); i++) {
			String token = tokens.get(i);
			boolean function = i + 1 < tokens.size() && tokens.get(i + 1).equals("(");
			if (token.equals("(")) {
				i = SqlCondition.closing(tokens, i);
			}
			else if (token.equals(",") || JOINS.contains(token) || token.equals("on") || token.equals("using")
					|| (BEFORE_JOIN.contains(token) && !function)) {
				return i;
			}
		}
		return tokens.size();
	}

	/** "using (build_strate)" is an equality of the column on both sides. */
	private void joinUsing(List<String> columns, Join join, SqlQuery query) {
		for (Source left : query.sources().subList(0, join.position())) {
			for (Source right : query.sources().subList(join.position(), query.sources().size())) {
				for (String column : columns) {
					String name = SqlTokens.normalized(column);
					if (left.isBuildColumn(name) && right.isBuildColumn(name)) {
						query.conditions()
							.add(new Condition(List.of(left.alias(), ".", name, "=", right.alias(), ".", name),
									join.restricts(query)));
					}
				}
			}
		}
	}

	/** Parses one operand of a join or list; returns the place behind it. */
	private int parseSource(List<String> tokens, int at, SqlQuery query, Map<String, Boolean> named) {
		if (tokens.get(at).equals("(")) {
			int end = SqlCondition.closing(tokens, at);
			List<String> inside = tokens.subList(at + 1, Math.min(end, tokens.size()));
			if (!isDerived(inside)) {
				parseSources(inside, query, named);
				return end + 1;
			}
			boolean judged = parseQuery(inside, query, named);
			Alias alias = alias(tokens, end + 1, "");
			query.sources().add(Source.derived(alias.name(), judged && !alias.renames(), this.buildColumn));
			return alias.end();
		}
		if (!SqlTokens.isName(tokens.get(at))) {
			return at + 1;
		}
		int last = nameEnd(tokens, at);
		if (last + 1 < tokens.size() && tokens.get(last + 1).equals("(")) {
			int end = SqlCondition.closing(tokens, last + 1);
			subqueries(tokens.subList(last + 1, Math.min(end + 1, tokens.size())), query, named);
			Alias alias = alias(tokens, end + 1, SqlTokens.normalized(tokens.get(last)));
			query.sources().add(Source.other(alias.name()));
			return alias.end();
		}
		Alias alias = alias(tokens, last + 1, SqlTokens.normalized(tokens.get(last)));
		query.sources().add(source(tokens, at, last, alias, named));
		return alias.end();
	}

	private Source source(List<String> tokens, int at, int last, Alias alias, Map<String, Boolean> named) {
		String name = SqlTokens.normalized(tokens.get(last));
		if (at == last && named.containsKey(name)) {
			return Source.derived(alias.name(), named.get(name) && !alias.renames(), this.buildColumn);
		}
		StratifiedTable table = find(tokens, at, last);
		if (table == null) {
			return Source.other(alias.name());
		}
		return Source.stratified(alias.name(), table.name(),
				alias.renames() ? null : SqlTokens.normalized(table.buildColumn()));
	}

	private @Nullable StratifiedTable find(List<String> tokens, int at, int last) {
		if (last >= tokens.size() || last < at) {
			return null;
		}
		List<StratifiedTable> found = this.tables.getOrDefault(SqlTokens.normalized(tokens.get(last)), List.of());
		if (at == last || found.isEmpty()) {
			return found.isEmpty() ? null : found.get(0);
		}
		String qualifier = SqlTokens.normalized(tokens.get(last - 2));
		for (StratifiedTable table : found) {
			List<String> parts = SqlTokens.of(table.name(), false);
			if (parts.size() < 3 || SqlTokens.normalized(parts.get(parts.size() - 3)).equals(qualifier)) {
				return table;
			}
		}
		return null;
	}

	/** Whether brackets hold a query, not a join: "((select …) x join y on …)". */
	private static boolean isDerived(List<String> inside) {
		if (inside.isEmpty() || !inside.get(0).equals("(")) {
			return !inside.isEmpty() && QUERY.contains(inside.get(0));
		}
		int end = SqlCondition.closing(inside, 0);
		boolean alone = end >= inside.size() - 1 || SET_OPERATIONS.contains(inside.get(end + 1))
				|| CLAUSES.contains(inside.get(end + 1));
		return alone && isDerived(inside.subList(1, Math.min(end, inside.size())));
	}

	/** The place of the last part of a qualified name. */
	private static int nameEnd(List<String> tokens, int at) {
		int last = at;
		while (last + 2 < tokens.size() && tokens.get(last + 1).equals(".")) {
			last += 2;
		}
		return last;
	}

	private static Alias alias(List<String> tokens, int from, String otherwise) {
		int i = from;
		while (i < tokens.size() && (tokens.get(i).equals("*") || isOrdinality(tokens, i))) {
			i++; // "product *" is product with its descendants
		}
		boolean named = i < tokens.size() && tokens.get(i).equals("as");
		i += named ? 1 : 0;
		if (i >= tokens.size() || !SqlTokens.isName(tokens.get(i)) || (!named && isNoAlias(tokens.get(i)))) {
			return new Alias(otherwise, i, false);
		}
		String name = SqlTokens.normalized(tokens.get(i));
		i++;
		boolean renames = i < tokens.size() && tokens.get(i).equals("(");
		return new Alias(name, renames ? SqlCondition.closing(tokens, i) + 1 : i, renames);
	}

	private static boolean isOrdinality(List<String> tokens, int at) {
		boolean with = tokens.get(at).equals("with") && at + 1 < tokens.size()
				&& tokens.get(at + 1).equals("ordinality");
		return with || tokens.get(at).equals("ordinality");
	}

	private static boolean isNoAlias(String token) {
		return NO_ALIAS.contains(token) || JOINS.contains(token) || BEFORE_JOIN.contains(token)
				|| CLAUSES.contains(token);
	}

	private static int next(List<String> tokens, int from, String word) {
		for (int i = Math.max(0, from); i < tokens.size(); i++) {
			if (tokens.get(i).equals("(")) {
				i = SqlCondition.closing(tokens, i);
			}
			else if (tokens.get(i).equals(word)) {
				return i;
			}
		}
		return tokens.size();
	}

	private static List<List<String>> split(List<String> tokens, Set<String> separators) {
		List<List<String>> parts = new ArrayList<>();
		int from = 0;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).equals("(")) {
				i = SqlCondition.closing(tokens, i);
			}
			else if (separators.contains(tokens.get(i)) && (i == 0 || !isQualified(tokens, i))) {
				parts.add(tokens.subList(from, i));
				from = i + 1;
			}
		}
		parts.add(tokens.subList(Math.min(from, tokens.size()), tokens.size()));
		return parts;
	}

	/** The name of an operand, and the place behind it. */
	private record Alias(String name, int end, boolean renames) {
	}

	/**
	 * A join whose condition is still to come.
	 *
	 * @param kind which side it preserves
	 * @param position the number of sources in front of it
	 */
	private record Join(String kind, int position) {

		Set<Source> restricts(SqlQuery query) {
			List<Source> sources = query.sources();
			return new LinkedHashSet<>(switch (this.kind) {
				case "left" -> sources.subList(this.position, sources.size());
				case "right" -> sources.subList(0, this.position);
				case "full" -> List.<Source>of();
				default -> sources;
			});
		}

	}

}
