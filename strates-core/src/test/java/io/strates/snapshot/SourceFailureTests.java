package io.strates.snapshot;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SourceFailureTests {

	private static List<SourceFailure> failures(int count) {
		List<SourceFailure> failures = new ArrayList<>();
		for (int index = 1; index <= count; index++) {
			failures.add(new SourceFailure("s" + index, "IOException", "no", 1));
		}
		return failures;
	}

	// N5
	@Test
	void textNamesSourceTypeMessageAndAttempts() {
		assertThat(new SourceFailure("rest", "ConnectTimeout", "msg", 2))
			.hasToString("rest: ConnectTimeout(msg; attempts=2)");
	}

	// N7
	@Test
	void longListsAreShortenedInTextOnly() {
		ResourceKey<String> key = ResourceType.<String>of("market", "price", String.class).key("BTC");

		ResourceUnresolvedException exception = new ResourceUnresolvedException(key, failures(6));

		assertThat(exception).hasMessage("market:price:BTC cannot be resolved: s1: IOException(no; attempts=1); "
				+ "s2: IOException(no; attempts=1); s3: IOException(no; attempts=1); +3 more failure(s)");
		assertThat(exception.failures()).isEqualTo(failures(6));
	}

	@Test
	void shortListsAreWhole() {
		assertThat(SourceFailure.text(failures(3), 3)).endsWith("s3: IOException(no; attempts=1)");
		assertThat(SourceFailure.text(failures(4), 3)).endsWith("; +1 more failure(s)");
		assertThat(SourceFailure.text(List.of(), 3)).isEmpty();
	}

	@Test
	void ofTakesNameAndMessageOfException() {
		assertThat(SourceFailure.of("rest", new SourceTimeoutException("timed out after 0.010s", null), 2))
			.isEqualTo(new SourceFailure("rest", "SourceTimeoutException", "timed out after 0.010s", 2));
	}

	@Test
	void exceptionWithoutNameHasThatOfTheClassAbove() {
		Exception unnamed = new IllegalStateException("no") {

			private static final long serialVersionUID = 1L;

		};

		assertThat(SourceFailure.of("rest", unnamed, 1).errorType()).isEqualTo("IllegalStateException");
	}

	@Test
	void exceptionWithoutMessageSaysSo() {
		assertThat(SourceFailure.of("rest", new IllegalStateException(), 1))
			.hasToString("rest: IllegalStateException(<no message>; attempts=1)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "\n", "\u2028" })
	void blankMessageIsNone(String message) {
		assertThat(new SourceFailure("rest", "IOException", message, 1).message()).isEqualTo("<no message>");
	}

	@ParameterizedTest
	@ValueSource(strings = { " a\r\nb ", "a\tb", "a \n\n b", "a\u0085b", "\u2028a\u2029b", "a\u000bb" })
	void messageIsOneLine(String message) {
		assertThat(new SourceFailure("rest", "IOException", message, 1).message()).isEqualTo("a b");
	}

	@Test
	void messageOfThreeHundredCharactersIsWhole() {
		assertThat(new SourceFailure("rest", "IOException", "x".repeat(300), 1).message()).isEqualTo("x".repeat(300));
	}

	@Test
	void longerMessageIsCut() {
		assertThat(new SourceFailure("rest", "IOException", "x".repeat(301), 1).message())
			.isEqualTo("x".repeat(297) + "...");
	}

	@Test
	void longerMessageIsNotCutWithinACharacter() {
		String smile = "\ud83d\ude00";

		assertThat(new SourceFailure("rest", "IOException", "x".repeat(296) + smile.repeat(9), 1).message())
			.isEqualTo("x".repeat(296) + "...");
		assertThat(new SourceFailure("rest", "IOException", "x".repeat(295) + smile.repeat(9), 1).message())
			.isEqualTo("x".repeat(295) + smile + "...");
	}

}
