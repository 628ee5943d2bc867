package io.strates.snapshot;

import java.util.Map;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyNormalizerTests {

	private static final UnaryOperator<String> SAME = UnaryOperator.identity();

	private static String all(KeyNormalizer normalizer, String part) {
		return normalizer.namespace().apply(part) + "|" + normalizer.name().apply(part) + "|"
				+ normalizer.subject().apply(part) + "|" + normalizer.qualifierName().apply(part) + "|"
				+ normalizer.qualifierValue().apply(part);
	}

	@Test
	void trimmingKeepsCase() {
		assertThat(all(KeyNormalizer.trimming(), " \tAb c\n ")).isEqualTo("Ab c|Ab c|Ab c|Ab c|Ab c");
	}

	@Test
	void upperCaseSubjectsKeepsValuesOfQualifiers() {
		assertThat(all(KeyNormalizer.upperCaseSubjects(), " Ab c ")).isEqualTo("ab c|ab c|AB C|ab c|Ab c");
	}

	@Test
	void caseInsensitiveFoldsAllParts() {
		assertThat(all(KeyNormalizer.caseInsensitive(), " Ab c ")).isEqualTo("ab c|ab c|ab c|ab c|ab c");
	}

	@ParameterizedTest
	@CsvSource({ "stra\u00dfe, STRASSE", "stra\u00dfe, STRA\u1e9eE", "\u1e9e, ss", "\ufb03, FFI", "\u017f, S",
			"\u212a, k", "\u039f\u0394\u039f\u03a3, \u03bf\u03b4\u03bf\u03c2", "\u03c2, \u03c3", "\u01c5, \u01c6",
			"\u0130, i\u0307", "\u00b5, \u03bc", "\u1f80, \u1f08\u03b9" })
	void caseInsensitiveFoldsAsUnicodeDoes(String left, String right) {
		UnaryOperator<String> fold = KeyNormalizer.caseInsensitive().subject();

		assertThat(fold.apply(left)).isEqualTo(fold.apply(right));
	}

	@ParameterizedTest
	@CsvSource({ "\u0131, i", "\u0131, I", "a\u0131b\u0131, aibi", "\u00e9, e", "\u0130, i" })
	void caseInsensitiveKeepsDifferentLettersApart(String left, String right) {
		UnaryOperator<String> fold = KeyNormalizer.caseInsensitive().subject();

		assertThat(fold.apply(left)).isNotEqualTo(fold.apply(right));
	}

	@Test
	void caseInsensitiveKeepsDotlessLettersInPlace() {
		assertThat(KeyNormalizer.caseInsensitive().subject().apply(" \u0131A\u0131\u0131\u00df\u0131 "))
			.isEqualTo("\u0131a\u0131\u0131ss\u0131");
	}

	@Test
	void normalizersChangeNothingTwice() {
		for (KeyNormalizer normalizer : new KeyNormalizer[] { KeyNormalizer.trimming(),
				KeyNormalizer.upperCaseSubjects(), KeyNormalizer.caseInsensitive() }) {
			for (int letter = 1; letter < 0x20000; letter++) {
				String once = Character.isDefined(letter) ? normalizer.qualifierName().apply(Character.toString(letter))
						: "";
				assertThat(normalizer.qualifierName().apply(once)).isEqualTo(once);
			}
		}
	}

	@Test
	void ownNormalizerIsUsedForEachPart() {
		KeyNormalizer own = new KeyNormalizer(SAME, (name) -> name + "!", (subject) -> "#" + subject,
				(name) -> name.replace("-", ""), (value) -> value + "%");
		ResourceType<String> type = ResourceType.<String>of("market", "price", String.class).normalizedBy(own);

		assertThat(type.key("BTC", Map.of("in-terval", 5))).hasToString("market:price!:#BTC?interval=5%25");
	}

}
