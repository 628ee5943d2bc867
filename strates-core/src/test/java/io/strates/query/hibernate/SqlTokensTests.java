package io.strates.query.hibernate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlTokens}.
 */
class SqlTokensTests {

	@Test
	void ofPutsUnquotedNamesInLowerCaseAndKeepsQuotedOnes() {
		assertThat(SqlTokens.of("Select A.\"Id\" From `T`", false)).containsExactly("select", "a", ".", "\"Id\"",
				"from", "`T`");
	}

	@Test
	void ofLeavesCommentsOut() {
		assertThat(SqlTokens.of("a -- b\n/* c ' */ d", false)).containsExactly("a", "d");
	}

	@Test
	void ofKeepsWhatMySqlRunsInAComment() {
		assertThat(SqlTokens.of("a /*!50001 b */ # c", true)).containsExactly("a", "b", "*", "/");
	}

	@Test
	void ofLetsCommentsNestInStandardSqlOnly() {
		assertThat(SqlTokens.of("a /* b /* c */ d */ e", false)).containsExactly("a", "e");
		assertThat(SqlTokens.of("a /* b /* c */ d", true)).containsExactly("a", "d");
	}

	@Test
	void ofTurnsLiteralsIntoEmptyOnes() {
		assertThat(SqlTokens.of("'it''s' $$x'$$ $a$ $$ $a$ ''", false)).containsExactly("''", "''", "''", "''");
	}

	@Test
	void ofTakesABackslashAsItIsInStandardSql() {
		assertThat(SqlTokens.of("'\\' a", false)).containsExactly("''", "a");
	}

	@Test
	void ofTakesABackslashAsAnEscapeWhereAsked() {
		assertThat(SqlTokens.of("'\\' a'", true)).containsExactly("''");
	}

	@Test
	void ofTakesABackslashAsAnEscapeInEscapeStrings() {
		assertThat(SqlTokens.of("E'\\' a'", false)).containsExactly("e", "''");
	}

	@Test
	void ofEndsWithTheTextWhenAQuoteIsLeftOpen() {
		assertThat(SqlTokens.of("a 'b", false)).containsExactly("a", "''");
		assertThat(SqlTokens.of("a \"b", false)).containsExactly("a", "\"b");
		assertThat(SqlTokens.of("a '\\", true)).containsExactly("a", "''");
		assertThat(SqlTokens.of("a /* b", false)).containsExactly("a");
	}

	@Test
	void ofKeepsNumberedParametersApartFromDollarQuotes() {
		assertThat(SqlTokens.of("a = $1 and b$c = $2", false)).containsExactly("a", "=", "$1", "and", "b$c", "=", "$2");
	}

	@Test
	void normalizedTakesQuotesAndCaseAway() {
		assertThat(SqlTokens.normalized("\"Order\"")).isEqualTo("order");
	}

}
