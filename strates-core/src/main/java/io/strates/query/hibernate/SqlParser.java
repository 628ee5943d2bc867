package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * administration is not looked at, but for a table that is created from a query. Text
 * that is not understood names a table without any condition, at worst: it is refused
 * rather than let through.
 *
 * It is one thing because each kind of statement may contain the others: the methods call
 * each other in a circle.
 */
final class SqlParser {

	private static final Set<String> NOT_LOOKED_AT = Set.of("create", "alter", "drop", "comment", "grant", "revoke",
			"analyze", "vacuum", "lock", "cluster", "reindex", "refresh", "show", "commit", "rollback", "savepoint",
			"release", "describe", "unlock", "optimize");

	/** The column by which subqueries hand builds on. */
	static final String BUILD_COLUMN = "build_strate";

	private final SqlTables tables;

	private final Set<String> buildColumns;

	private final List<SqlQuery> queries = new ArrayList<>();

	private @Nullable String truncated;

	private boolean writes;

	SqlParser(SqlTables tables, Set<String> buildColumns) {
		this.tables = tables;
		this.buildColumns = buildColumns;
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
		for (List<String> statement : SqlWords.split(tokens, Set.of(";"))) {
			String verb = statement.isEmpty() ? "" : statement.get(0);
			if (verb.equals("create")) {
				parseCreate(statement);
			}
			else if (verb.equals("copy")) {
				parseCopy(statement);
			}
			else if (!NOT_LOOKED_AT.contains(verb)) {
				parseStatement(statement);
			}
		}
	}

	/** A table may be created with rows, "create table a [(…)] [as] select …". */
	private void parseCreate(List<String> tokens) {
		int as = SqlWords.next(tokens, 1, "as") + 1;
		int from = (as < tokens.size()) ? as : SqlWords.next(tokens, 1, "select");
		boolean query = from < tokens.size()
				&& (SqlWords.QUERY.contains(tokens.get(from)) || isQueryAhead(tokens, from));
		if (query && SqlWords.next(tokens, 1, "table") < from) {
			parseQuery(tokens.subList(from, tokens.size()), null, Map.of());
		}
	}

	/** "copy a [(x, y)] from …", "copy a [(x, y)] to …" or "copy (select …) to …". */
	private void parseCopy(List<String> tokens) {
		int to = SqlWords.next(tokens, 1, "to");
		int last = SqlWords.nameEnd(tokens, 1);
		if (to == tokens.size()) {
			this.writes |= this.tables.find(tokens, 1, last) != null;
		}
		else {
			boolean query = tokens.get(1).equals("(");
			parseSources(tokens.subList(1, query ? to : last + 1), open(null), Map.of());
		}
	}

	private void parseStatement(List<String> tokens) {
		int i = 0;
		while (i < tokens.size() && !SqlWords.QUERY.contains(tokens.get(i)) && !isQueryAhead(tokens, i)) {
			// "explain (analyze)", "declare … cursor for"
			i = tokens.get(i).equals("(") ? SqlWords.closing(tokens, i) + 1 : i + 1;
		}
		if (i < tokens.size() && SqlWords.QUERY.contains(tokens.get(i))) {
			parseQuery(tokens.subList(i, tokens.size()), null, Map.of());
		}
		else {
			subqueries(tokens, null, Map.of());
		}
	}

	/**
	 * Parses a query with its common table expressions and set operations.
	 * @return whether all rows come from stratified tables or values, and what is called
	 * their build is one
	 */
	boolean parseQuery(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> known) {
		return parseQuery(tokens, outer, known, SqlOutput.unnamed());
	}

	private boolean parseQuery(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> known,
			SqlOutput output) {
		Map<String, Boolean> named = new HashMap<>(known);
		List<String> body = tokens;
		if (!tokens.isEmpty() && tokens.get(0).equals("with")) {
			body = tokens.subList(parseCommonTables(tokens, outer, named), tokens.size());
		}
		boolean judged = true;
		for (List<String> branch : SqlWords.split(body, SqlWords.SET_OPERATIONS)) {
			judged &= parseBranch(branch, outer, named, output);
		}
		return judged;
	}

	/** "with [recursive] a [(x, y)] as [[not] materialized] (…), b as (…)". */
	private int parseCommonTables(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		int i = 1;
		boolean recursive = i < tokens.size() && tokens.get(i).equals("recursive");
		i += recursive ? 1 : 0;
		while (i < tokens.size() && SqlTokens.isName(tokens.get(i)) && !SqlWords.QUERY.contains(tokens.get(i))) {
			String name = SqlTokens.normalized(tokens.get(i));
			List<String> names = List.of();
			if (++i < tokens.size() && tokens.get(i).equals("(")) {
				int last = SqlWords.closing(tokens, i);
				names = tokens.subList(i + 1, last);
				i = last + 1;
			}
			while (i < tokens.size() && !tokens.get(i).equals("(")) {
				i++;
			}
			int end = SqlWords.closing(tokens, i);
			if (i >= tokens.size()) {
				return i;
			}
			parseCommonTable(name, names, tokens.subList(i + 1, end), outer, named, recursive);
			i = end + 1;
			while (i < tokens.size() && !tokens.get(i).equals(",") && !SqlWords.QUERY.contains(tokens.get(i))
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

	/** One that reads itself is parsed again, if it turns out not to be judged. */
	private void parseCommonTable(String name, List<String> columns, List<String> body, @Nullable SqlQuery outer,
			Map<String, Boolean> named, boolean recursive) {
		int before = this.queries.size();
		if (recursive) {
			named.put(name, true);
		}
		boolean judged = parseQuery(body, outer, named, output(columns));
		named.put(name, judged);
		if (recursive && !judged) {
			this.queries.subList(before, this.queries.size()).clear();
			parseQuery(body, outer, named, output(columns));
		}
	}

	private static SqlOutput output(List<String> columns) {
		return columns.isEmpty() ? SqlOutput.unnamed() : SqlOutput.named(columns);
	}

	private boolean parseBranch(List<String> branch, @Nullable SqlQuery outer, Map<String, Boolean> named,
			SqlOutput output) {
		List<String> tokens = branch;
		if (!tokens.isEmpty() && (tokens.get(0).equals("all") || tokens.get(0).equals("distinct"))) {
			tokens = tokens.subList(1, tokens.size());
		}
		if (tokens.isEmpty()) {
			return true;
		}
		switch (tokens.get(0)) {
			case "(" -> {
				int end = SqlWords.closing(tokens, 0);
				subqueries(tokens.subList(Math.min(end + 1, tokens.size()), tokens.size()), outer, named);
				return parseQuery(tokens.subList(1, Math.min(end, tokens.size())), outer, named, output);
			}
			case "insert", "replace" -> parseInsert(tokens, outer, named);
			case "truncate" -> parseTruncate(tokens, named);
			case "merge" -> parseMerge(tokens, outer, named);
			case "values" -> subqueries(tokens, outer, named);
			default -> {
				return parseSelect(tokens, outer, named, output);
			}
		}
		return false;
	}

	/** The target needs no build fixed, since rows carry theirs; the source does. */
	private void parseInsert(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		int i = 1;
		while (i < tokens.size() && (SqlWords.MODIFIERS.contains(tokens.get(i)) || tokens.get(i).equals("into"))) {
			i++;
		}
		int last = SqlWords.nameEnd(tokens, i);
		this.writes |= this.tables.find(tokens, i, last) != null;
		i = last + 1;
		while (i < tokens.size() && !SqlWords.QUERY.contains(tokens.get(i)) && !isQueryAhead(tokens, i)) {
			i = tokens.get(i).equals("(") ? SqlWords.closing(tokens, i) + 1 : i + 1;
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
		return i > at && i < tokens.size() && SqlWords.QUERY.contains(tokens.get(i));
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
		int using = SqlWords.next(tokens, 1, "using");
		int on = SqlWords.next(tokens, using, "on");
		int when = SqlWords.next(tokens, on, "when");
		int into = tokens.size() > 1 && tokens.get(1).equals("into") ? 2 : 1;
		parseSources(tokens.subList(into, using), query, named);
		this.writes |= query.sources().stream().anyMatch(Source::stratified);
		parseSources(tokens.subList(Math.min(using + 1, on), on), query, named);
		List<String> condition = tokens.subList(Math.min(on + 1, when), when);
		List<String> actions = tokens.subList(when, tokens.size());
		subqueries(condition, query, named);
		subqueries(actions, query, named);
		if (Collections.indexOfSubList(actions, List.of("by", "source")) < 0) {
			query.conditions().add(new Condition(condition, new HashSet<>(query.sources())));
		}
	}

	private SqlQuery open(@Nullable SqlQuery outer) {
		SqlQuery query = new SqlQuery(outer);
		this.queries.add(query);
		return query;
	}

	/** Parses "select", "update", "delete" and PostgreSQL's "table". */
	private boolean parseSelect(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named,
			SqlOutput output) {
		SqlQuery query = open(outer);
		String verb = tokens.get(0);
		List<List<String>> conditions = new ArrayList<>();
		List<String> handedOn = List.of("*");
		String clause = (verb.equals("update") || verb.equals("table")) ? "from" : verb;
		int from = 1;
		for (int i = 1; i <= tokens.size(); i++) {
			if (i < tokens.size() && !startsClause(tokens, i, verb)) {
				i = tokens.get(i).equals("(") ? SqlWords.closing(tokens, i) : i;
				continue;
			}
			parseClause(clause, tokens.subList(from, Math.min(i, tokens.size())), query, named, conditions);
			if (clause.equals("select") || clause.equals("returning")) {
				handedOn = tokens.subList(from, Math.min(i, tokens.size()));
			}
			boolean target = (verb.equals("update") && from == 1) || (verb.equals("delete") && clause.equals("from"));
			this.writes |= target && query.sources().stream().anyMatch(Source::stratified);
			clause = (i < tokens.size()) ? tokens.get(i) : "";
			from = i + 1;
		}
		Set<Source> all = new HashSet<>(query.sources());
		conditions.forEach((condition) -> query.conditions().add(new Condition(condition, all)));
		return query.sources().stream().allMatch((source) -> source.stratified() || source.judged())
				&& output.isBuild(handedOn, new SqlCondition(query, this.buildColumns));
	}

	private static boolean startsClause(List<String> tokens, int at, String verb) {
		String token = tokens.get(at);
		if (token.equals("using")) {
			return verb.equals("delete") && !tokens.get(Math.min(at + 1, tokens.size() - 1)).equals("(");
		}
		if (!SqlWords.CLAUSES.contains(token) || SqlWords.isQualified(tokens, at)) {
			return false;
		}
		boolean compared = token.equals("from") && tokens.get(at - 1).equals("distinct") && at > 1
				&& (tokens.get(at - 2).equals("is") || tokens.get(at - 2).equals("not"));
		return !compared;
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

	private void parseSources(List<String> tokens, SqlQuery query, Map<String, Boolean> named) {
		new SqlSources(this, this.tables, query, named).parse(tokens);
	}

	/** Looks into brackets for queries, at any depth. */
	void subqueries(List<String> tokens, @Nullable SqlQuery outer, Map<String, Boolean> named) {
		for (int i = 0; i + 1 < tokens.size(); i++) {
			if (tokens.get(i).equals("(") && SqlWords.QUERY.contains(tokens.get(i + 1)) && isQuery(tokens, i + 1)) {
				int end = SqlWords.closing(tokens, i);
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

}
