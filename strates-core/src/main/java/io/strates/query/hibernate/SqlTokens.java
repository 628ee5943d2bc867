package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts SQL into names, values and signs: enough to see which tables and columns a
 * statement names. Unquoted names are in lower case; comments are left out; a literal
 * becomes {@code '…'}.
 */
final class SqlTokens {

	private static final String LITERAL = "''";

	private final String sql;

	private final List<String> tokens = new ArrayList<>();

	private int at;

	private SqlTokens(String sql) {
		this.sql = sql;
	}

	static List<String> of(String sql) {
		SqlTokens tokens = new SqlTokens(sql);
		tokens.cut();
		return tokens.tokens;
	}

	static boolean isName(String token) {
		char first = token.charAt(0);
		return Character.isLetter(first) || first == '_' || first == '"' || first == '`' || first == '[';
	}

	static boolean isValue(String token) {
		char first = token.charAt(0);
		return first == '?' || first == '\'' || first == ':' || first == '$' || Character.isDigit(first);
	}

	private void cut() {
		while (this.at < this.sql.length()) {
			char c = this.sql.charAt(this.at);
			if (Character.isWhitespace(c)) {
				this.at++;
			}
			else if (c == '-' && peek('-')) {
				skipTo("\n");
			}
			else if (c == '/' && peek('*')) {
				skipTo("*/");
			}
			else if (c == '\'') {
				quoted('\'');
				this.tokens.add(LITERAL);
			}
			else if (c == '"' || c == '`') {
				int from = this.at;
				quoted(c);
				this.tokens.add(this.sql.substring(from, this.at));
			}
			else if (isWordPart(c)) {
				word();
			}
			else {
				this.tokens.add(String.valueOf(c));
				this.at++;
			}
		}
	}

	private boolean peek(char next) {
		return this.at + 1 < this.sql.length() && this.sql.charAt(this.at + 1) == next;
	}

	private void skipTo(String end) {
		int found = this.sql.indexOf(end, this.at + 2);
		this.at = (found < 0) ? this.sql.length() : found + end.length();
	}

	/** Moves behind the closing quote; a doubled quote is part of the text. */
	private void quoted(char quote) {
		this.at++;
		while (this.at < this.sql.length()) {
			if (this.sql.charAt(this.at++) == quote) {
				if (this.at < this.sql.length() && this.sql.charAt(this.at) == quote) {
					this.at++;
				}
				else {
					return;
				}
			}
		}
	}

	private void word() {
		int from = this.at;
		while (this.at < this.sql.length() && isWordPart(this.sql.charAt(this.at))) {
			this.at++;
		}
		this.tokens.add(this.sql.substring(from, this.at).toLowerCase(Locale.ROOT));
	}

	private static boolean isWordPart(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#';
	}

}
