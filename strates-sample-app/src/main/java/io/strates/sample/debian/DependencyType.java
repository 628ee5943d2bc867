package io.strates.sample.debian;

/**
 * Which field a dependency stands in.
 */
public enum DependencyType {

	/** Needed to run. */
	DEPENDS("Depends"),

	/** Needed before unpacking. */
	PRE_DEPENDS("Pre-Depends"),

	/** Found together in all but unusual installations. */
	RECOMMENDS("Recommends");

	private final String field;

	DependencyType(String field) {
		this.field = field;
	}

	/**
	 * Returns the name of the field, as an index writes it.
	 */
	public String field() {
		return this.field;
	}

}
