package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.entity.StratifiedTable;
import io.strates.query.hibernate.SqlQuery.Condition;
import io.strates.query.hibernate.SqlQuery.Source;

/**
 * Reads what stands behind {@code from}, {@code update} or {@code using} into a query:
 * tables, derived tables and joins with their conditions.
 */
final class SqlSources {

	private static final Set<String> NO_ALIAS = Set.of("on", "using", "as", "use", "force", "ignore", "partition",
			"tablesample", "union", "intersect", "except", "minus", "select", "values", "with", "default");

	private final SqlParser parser;

	private final SqlTables tables;

	private final SqlQuery query;

	private final Map<String, Boolean> named;

	private final List<Join> open = new ArrayList<>();

	private boolean expected = true;

	/**
	 * Creates a reader of one list of sources.
	 * @param parser parses subqueries
	 * @param tables the stratified tables
	 * @param query what the sources and conditions are added to
	 * @param named the common table expressions, and whether all their rows come from
	 * stratified tables or values
	 */
	SqlSources(SqlParser parser, SqlTables tables, SqlQuery query, Map<String, Boolean> named) {
		this.parser = parser;
		this.tables = tables;
		this.query = query;
		this.named = named;
	}

	void parse(List<String> tokens) {
		int i = 0;
		while (i < tokens.size()) {
			i = this.expected ? parseOperand(tokens, i) : parseConnection(tokens, i);
		}
	}

	private int parseOperand(List<String> tokens, int at) {
		if (SqlWords.MODIFIERS.contains(tokens.get(at))) {
			return at + 1;
		}
		this.expected = false;
		return parseSource(tokens, at);
	}

	/** Parses what may follow an operand; returns the place behind it. */
	private int parseConnection(List<String> tokens, int at) {
		String token = tokens.get(at);
		if (token.equals(",")) {
			this.open.clear();
			this.expected = true;
		}
		else if (SqlWords.JOINS.contains(token)) {
			this.open.add(new Join(kind(tokens, at), this.query.sources().size()));
			this.expected = true;
		}
		else if (token.equals("on") || token.equals("using")) {
			return parseJoinCondition(tokens, at);
		}
		else if (token.equals("(")) {
			int end = SqlWords.closing(tokens, at);
			subqueries(tokens.subList(at, Math.min(end + 1, tokens.size())));
			return end + 1;
		}
		return at + 1;
	}

	private int parseJoinCondition(List<String> tokens, int at) {
		Join join = this.open.isEmpty() ? new Join("inner", 0) : this.open.remove(this.open.size() - 1);
		int end = conditionEnd(tokens, at + 1);
		List<String> condition = tokens.subList(at + 1, end);
		if (tokens.get(at).equals("on")) {
			this.query.conditions().add(new Condition(condition, join.restricts(this.query)));
			subqueries(condition);
		}
		else {
			joinUsing(condition, join);
		}
		return end;
	}

	private void subqueries(List<String> tokens) {
		this.parser.subqueries(tokens, this.query, this.named);
	}

	/** The word that says which side of a join is preserved. */
	private static String kind(List<String> tokens, int join) {
		for (int i = join - 1; i >= 0 && SqlWords.BEFORE_JOIN.contains(tokens.get(i)); i--) {
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
				i = SqlWords.closing(tokens, i);
			}
			else if (token.equals(",") || SqlWords.JOINS.contains(token) || token.equals("on") || token.equals("using")
					|| (SqlWords.BEFORE_JOIN.contains(token) && !function)) {
				return i;
			}
		}
		return tokens.size();
	}

	/** "using (build_strate)" is an equality of the column on both sides. */
	private void joinUsing(List<String> columns, Join join) {
		List<Source> sources = this.query.sources();
		for (Source left : sources.subList(0, join.position())) {
			for (Source right : sources.subList(join.position(), sources.size())) {
				for (String column : columns) {
					String name = SqlTokens.normalized(column);
					if (left.isBuildColumn(name) && right.isBuildColumn(name)) {
						this.query.conditions()
							.add(new Condition(List.of(left.alias(), ".", name, "=", right.alias(), ".", name),
									join.restricts(this.query)));
					}
				}
			}
		}
	}

	/** Parses one operand of a join or list; returns the place behind it. */
	private int parseSource(List<String> tokens, int at) {
		if (tokens.get(at).equals("(")) {
			return parseBrackets(tokens, at);
		}
		if (!SqlTokens.isName(tokens.get(at))) {
			return at + 1;
		}
		int last = SqlWords.nameEnd(tokens, at);
		String name = SqlTokens.normalized(tokens.get(last));
		if (last + 1 < tokens.size() && tokens.get(last + 1).equals("(")) {
			int end = SqlWords.closing(tokens, last + 1);
			subqueries(tokens.subList(last + 1, Math.min(end + 1, tokens.size())));
			Alias alias = alias(tokens, end + 1, name);
			this.query.sources().add(Source.other(alias.name()));
			return alias.end();
		}
		Alias alias = alias(tokens, last + 1, name);
		this.query.sources().add(source(tokens, at, last, alias));
		return alias.end();
	}

	/** "(select …) x" is a source of its own, "(a join b on …)" is several. */
	private int parseBrackets(List<String> tokens, int at) {
		int end = SqlWords.closing(tokens, at);
		List<String> inside = tokens.subList(at + 1, Math.min(end, tokens.size()));
		if (!isDerived(inside)) {
			new SqlSources(this.parser, this.tables, this.query, this.named).parse(inside);
			return end + 1;
		}
		boolean judged = this.parser.parseQuery(inside, this.query, this.named);
		Alias alias = alias(tokens, end + 1, "");
		this.query.sources().add(Source.derived(alias.name(), judged && !alias.renames(), SqlParser.BUILD_COLUMN));
		return alias.end();
	}

	private Source source(List<String> tokens, int at, int last, Alias alias) {
		String name = SqlTokens.normalized(tokens.get(last));
		Boolean judged = (at == last) ? this.named.get(name) : null;
		if (judged != null) {
			return Source.derived(alias.name(), judged && !alias.renames(), SqlParser.BUILD_COLUMN);
		}
		StratifiedTable table = this.tables.find(tokens, at, last);
		if (table == null) {
			return Source.other(alias.name());
		}
		return Source.stratified(alias.name(), table.name(),
				alias.renames() ? null : SqlTokens.normalized(table.buildColumn()));
	}

	/** Whether brackets hold a query, not a join: "((select …) x join y on …)". */
	private static boolean isDerived(List<String> inside) {
		if (inside.isEmpty() || !inside.get(0).equals("(")) {
			return !inside.isEmpty() && SqlWords.QUERY.contains(inside.get(0));
		}
		int end = SqlWords.closing(inside, 0);
		boolean alone = end >= inside.size() - 1 || SqlWords.SET_OPERATIONS.contains(inside.get(end + 1))
				|| SqlWords.CLAUSES.contains(inside.get(end + 1));
		return alone && isDerived(inside.subList(1, Math.min(end, inside.size())));
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
		return new Alias(name, renames ? SqlWords.closing(tokens, i) + 1 : i, renames);
	}

	private static boolean isOrdinality(List<String> tokens, int at) {
		boolean with = tokens.get(at).equals("with") && at + 1 < tokens.size()
				&& tokens.get(at + 1).equals("ordinality");
		return with || tokens.get(at).equals("ordinality");
	}

	private static boolean isNoAlias(String token) {
		return NO_ALIAS.contains(token) || SqlWords.JOINS.contains(token) || SqlWords.BEFORE_JOIN.contains(token)
				|| SqlWords.CLAUSES.contains(token);
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
