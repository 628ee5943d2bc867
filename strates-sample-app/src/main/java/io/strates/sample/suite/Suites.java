package io.strates.sample.suite;

import java.util.regex.Pattern;

import io.strates.sample.web.NotFoundException;

/**
 * The scope of the catalogue, and the rule for its scope ids: the names of suites.
 */
public final class Suites {

	/** The scope of the catalogue: each suite is a scope id. */
	public static final String SCOPE = "catalog";

	/** The rule, in words. */
	public static final String RULE = "1 to 64 lower-case letters, digits, or one of . + - after the first";

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,63}");

	private Suites() {
	}

	/**
	 * Returns whether a suite can have a name.
	 * @param name the name
	 * @return whether it follows the rule
	 */
	public static boolean isValid(String name) {
		return NAME.matcher(name).matches();
	}

	/**
	 * Returns a name that a suite can have.
	 * @param name the name that a request asks for
	 * @return the same name
	 * @throws NotFoundException if no suite can have it
	 */
	public static String requireKnowable(String name) {
		if (!isValid(name)) {
			throw unknown(name);
		}
		return name;
	}

	/**
	 * Returns what to throw if there is no suite of that name.
	 * @param name the name that a request asks for
	 * @return the exception
	 */
	public static NotFoundException unknown(String name) {
		return new NotFoundException("There is no suite \"%s\"".formatted(name));
	}

}
