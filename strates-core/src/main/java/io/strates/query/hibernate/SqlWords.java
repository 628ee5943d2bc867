package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words that give a statement its shape, and ways from one of its tokens to another.
 */
final class SqlWords {

	static final Set<String> QUERY = Set.of("select", "with", "values", "table", "insert", "update", "delete", "merge",
			"replace", "truncate");

	static final Set<String> SET_OPERATIONS = Set.of("union", "intersect", "except", "minus");

	static final Set<String> CLAUSES = Set.of("where", "group", "having", "order", "limit", "offset", "fetch", "for",
			"window", "returning", "set", "from", "lock", "connect", "start", "into", "qualify");

	static final Set<String> JOINS = Set.of("join", "straight_join");

	static final Set<String> BEFORE_JOIN = Set.of("left", "right", "full", "inner", "cross", "natural", "outer");

	/** Words that may stand in front of a table. */
	static final Set<String> MODIFIERS = Set.of("only", "lateral", "table", "ignore", "low_priority", "quick",
			"high_priority", "delayed");

	private SqlWords() {
	}

	/** The place of the bracket that closes the one at a place, or the end. */
	static int closing(List<String> tokens, int open) {
		int depth = 0;
		for (int i = open; i < tokens.size(); i++) {
			if (tokens.get(i).equals("(")) {
				depth++;
			}
			else if (tokens.get(i).equals(")") && --depth == 0) {
				return i;
			}
		}
		return tokens.size();
	}

	/** The place of a word outside of brackets, or the end. */
	static int next(List<String> tokens, int from, String word) {
		for (int i = Math.max(0, from); i < tokens.size(); i++) {
			if (tokens.get(i).equals("(")) {
				i = closing(tokens, i);
			}
			else if (tokens.get(i).equals(word)) {
				return i;
			}
		}
		return tokens.size();
	}

	/** Splits outside of brackets. */
	static List<List<String>> split(List<String> tokens, Set<String> separators) {
		List<List<String>> parts = new ArrayList<>();
		int from = 0;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).equals("(")) {
				i = closing(tokens, i);
			}
			else if (separators.contains(tokens.get(i)) && (i == 0 || !isQualified(tokens, i))) {
				parts.add(tokens.subList(from, i));
				from = i + 1;
			}
		}
		parts.add(tokens.subList(Math.min(from, tokens.size()), tokens.size()));
		return parts;
	}

	/** The place of the last part of a qualified name. */
	static int nameEnd(List<String> tokens, int at) {
		int last = at;
		while (last + 2 < tokens.size() && tokens.get(last + 1).equals(".")) {
			last += 2;
		}
		return last;
	}

	/** Whether a token is part of a qualified name, and no word of the language. */
	static boolean isQualified(List<String> tokens, int at) {
		return tokens.get(at - 1).equals(".");
	}

}
