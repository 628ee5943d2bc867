package io.strates.sample.debian;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a version must relate to the one that a dependency names.
 */
public enum VersionRelation {

	/** Strictly earlier. */
	EARLIER("<<"),

	/** Earlier or equal. */
	EARLIER_OR_EQUAL("<="),

	/** Exactly equal. */
	EQUAL("="),

	/** Later or equal. */
	LATER_OR_EQUAL(">="),

	/** Strictly later. */
	LATER(">>");

	private final String symbol;

	VersionRelation(String symbol) {
		this.symbol = symbol;
	}

	/**
	 * Returns the operator, as an index writes it.
	 */
	public String symbol() {
		return this.symbol;
	}

	static Optional<VersionRelation> of(String symbol) {
		return Arrays.stream(values()).filter((relation) -> relation.symbol.equals(symbol)).findFirst();
	}

}
