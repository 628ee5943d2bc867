package io.strates.snapshot;

import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Decides which spellings of a key's parts name the same resource. It is no part of the
 * key's identity: keys that are spelled alike after it are equal, whatever normalised
 * them.
 *
 * @param namespace applied to the namespace
 * @param name applied to the name
 * @param subject applied to the subject
 * @param qualifierName applied to the names of qualifiers
 * @param qualifierValue applied to the values of qualifiers
 * @since 0.1.0
 */
public record KeyNormalizer(UnaryOperator<String> namespace, UnaryOperator<String> name, UnaryOperator<String> subject,
		UnaryOperator<String> qualifierName, UnaryOperator<String> qualifierValue) {

	private static final char DOTLESS = '\u0131';

	private static final KeyNormalizer TRIMMING = new KeyNormalizer(String::strip, String::strip, String::strip,
			String::strip, String::strip);

	private static final KeyNormalizer MARKET = new KeyNormalizer(KeyNormalizer::lower, KeyNormalizer::lower,
			(subject) -> subject.strip().toUpperCase(Locale.ROOT), KeyNormalizer::lower, String::strip);

	private static final KeyNormalizer CASE_INSENSITIVE = new KeyNormalizer(KeyNormalizer::folded,
			KeyNormalizer::folded, KeyNormalizer::folded, KeyNormalizer::folded, KeyNormalizer::folded);

	/**
	 * Creates a normaliser.
	 */
	public KeyNormalizer {
		Objects.requireNonNull(namespace, "namespace");
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(subject, "subject");
		Objects.requireNonNull(qualifierName, "qualifierName");
		Objects.requireNonNull(qualifierValue, "qualifierValue");
	}

	/**
	 * Returns the default, which takes white space away at both ends.
	 * @return the normaliser
	 */
	public static KeyNormalizer trimming() {
		return TRIMMING;
	}

	/**
	 * Returns the one for symbols that are written in capitals: as {@link #trimming()},
	 * with subjects in upper case, and namespaces, names and names of qualifiers in lower
	 * case.
	 * @return the normaliser
	 */
	public static KeyNormalizer upperCaseSubjects() {
		return MARKET;
	}

	/**
	 * Returns the one for which case means nothing anywhere, values of qualifiers
	 * included. Folds as Unicode does, so that {@code ß} equals {@code SS}.
	 * @return the normaliser
	 */
	public static KeyNormalizer caseInsensitive() {
		return CASE_INSENSITIVE;
	}

	private static String lower(String text) {
		return text.strip().toLowerCase(Locale.ROOT);
	}

	/**
	 * The dotless i alone shares its upper case with a letter that it is not equal to.
	 */
	private static String folded(String text) {
		String rest = text.strip();
		StringBuilder folded = new StringBuilder(rest.length());
		for (int dotless = rest.indexOf(DOTLESS); dotless >= 0; dotless = rest.indexOf(DOTLESS)) {
			fold(rest.substring(0, dotless), folded);
			folded.append(DOTLESS);
			rest = rest.substring(dotless + 1);
		}
		fold(rest, folded);
		return folded.toString();
	}

	/*
	 * Upper case expands what lower case keeps (ß to SS). Lower case comes first, since
	 * some capitals become what is expanded only by it (ẞ). The last step is by letter,
	 * since the lower case of a text has another sigma at the end of a word.
	 */
	private static void fold(String text, StringBuilder folded) {
		text.toLowerCase(Locale.ROOT)
			.toUpperCase(Locale.ROOT)
			.codePoints()
			.map(Character::toLowerCase)
			.forEach(folded::appendCodePoint);
	}

}
