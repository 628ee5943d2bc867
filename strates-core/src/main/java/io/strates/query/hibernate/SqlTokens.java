package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Cuts SQL into names, values and signs: enough to see which tables and columns a
 * statement names. Unquoted names are in lower case; comments are left out; a literal
 * becomes {@code '…'}.
 */
final class SqlTokens {

	static final String LITERAL = "''";

	private final String sql;

	private final boolean mysql;

	private final List<String> tokens = new ArrayList<>();

	private int at;

	private SqlTokens(String sql, boolean mysql) {
		this.sql = sql;
		this.mysql = mysql;
	}

	/**
	 * Cuts a text.
	 * @param sql the text
	 * @param mysql whether to read it as MySQL and MariaDB do: a backslash in a literal
	 * takes the meaning of what follows, comments do not nest, one that begins with an
	 * exclamation mark is run, and a hash begins one; or as standard SQL
	 */
	static List<String> of(String sql, boolean mysql) {
		SqlTokens tokens = new SqlTokens(sql, mysql);
		tokens.cut();
		return tokens.tokens;
	}

	static boolean isName(String token) {
		char first = token.charAt(0);
		return Character.isLetter(first) || first == '_' || first == '"' || first == '`';
	}

	static boolean isValue(String token) {
		char first = token.charAt(0);
		return first == '?' || first == '\'' || first == ':' || first == '$' || Character.isDigit(first);
	}

	/** A name without its quotes, in lower case. */
	static String normalized(String name) {
		String bare = name;
		if (bare.length() > 1 && (bare.charAt(0) == '"' || bare.charAt(0) == '`')) {
			bare = bare.substring(1, bare.length() - 1);
		}
		return bare.toLowerCase(Locale.ROOT);
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
			else if (c == '#' && this.mysql && !peek('>') && !peek('-')) {
				skipTo("\n"); // "#>" and "#-" are operators of PostgreSQL
			}
			else if (c == '/' && peek('*')) {
				comment();
			}
			else if (c == '\'') {
				literal();
			}
			else if (c == '$') {
				dollar();
			}
			else if (c == '"' || c == '`') {
				int from = this.at;
				quoted(c, false);
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

	private void comment() {
		if (!this.mysql) {
			nestedComment();
		}
		else if (this.sql.startsWith("!", this.at + 2) || this.sql.startsWith("M!", this.at + 2)) {
			this.at = this.sql.indexOf('!', this.at) + 1;
			while (this.at < this.sql.length() && Character.isDigit(this.sql.charAt(this.at))) {
				this.at++;
			}
		}
		else {
			skipTo("*/");
		}
	}

	private void nestedComment() {
		int depth = 0;
		do {
			if (this.sql.startsWith("/*", this.at)) {
				depth++;
				this.at += 2;
			}
			else if (this.sql.startsWith("*/", this.at)) {
				depth--;
				this.at += 2;
			}
			else {
				this.at++;
			}
		}
		while (depth > 0 && this.at < this.sql.length());
	}

	private void skipTo(String end) {
		int found = this.sql.indexOf(end, this.at + 2);
		this.at = (found < 0) ? this.sql.length() : found + end.length();
	}

	private void literal() {
		int last = this.tokens.size() - 1;
		boolean escapeString = last >= 0 && this.tokens.get(last).equals("e") && this.at > 0
				&& Character.toLowerCase(this.sql.charAt(this.at - 1)) == 'e';
		quoted('\'', (this.mysql || escapeString) && !isEscapeCharacter(last));
		this.tokens.add(LITERAL);
	}

	/**
	 * Whether {@code escape '\'} ends here, which Hibernate adds to each LIKE: where a
	 * backslash takes the meaning of the quote, that is no SQL at all.
	 */
	private boolean isEscapeCharacter(int last) {
		return last >= 0 && this.tokens.get(last).equals("escape") && this.sql.startsWith("'\\'", this.at)
				&& !this.sql.startsWith("'\\''", this.at);
	}

	/** Moves behind the closing quote; a doubled quote is part of the text. */
	private void quoted(char quote, boolean escapes) {
		this.at++;
		while (this.at < this.sql.length()) {
			char c = this.sql.charAt(this.at++);
			if (escapes && c == '\\') {
				this.at++;
			}
			else if (c == quote) {
				if (this.at < this.sql.length() && this.sql.charAt(this.at) == quote) {
					this.at++;
				}
				else {
					return;
				}
			}
		}
		this.at = this.sql.length();
	}

	private void dollar() {
		String delimiter = dollarQuote();
		if (delimiter == null) {
			word();
			return;
		}
		int end = this.sql.indexOf(delimiter, this.at + delimiter.length());
		this.at = (end < 0) ? this.sql.length() : end + delimiter.length();
		this.tokens.add(LITERAL);
	}

	/** The delimiter that begins here, {@code $$} or {@code $tag$}, if one does. */
	private @Nullable String dollarQuote() {
		int end = this.at + 1;
		while (end < this.sql.length() && (Character.isLetter(this.sql.charAt(end)) || this.sql.charAt(end) == '_')) {
			end++;
		}
		return (end < this.sql.length() && this.sql.charAt(end) == '$') ? this.sql.substring(this.at, end + 1) : null;
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
