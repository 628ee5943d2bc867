package io.strates.build;

import io.strates.StratesException;

/**
 * Thrown when a row carries another scope id than the build that it is written to.
 * Nothing of its chunk is stored.
 *
 * @since 0.1.0
 */
public class ScopeIdMismatchException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String row;

	private final String attribute;

	private final String expected;

	private final String found;

	/**
	 * Creates an exception.
	 * @param row the entity and id of the row
	 * @param attribute the attribute that holds the scope id
	 * @param expected the scope id of the build
	 * @param found the scope id of the row
	 */
	public ScopeIdMismatchException(String row, String attribute, String expected, String found) {
		super(row + " carries scope id '" + found + "' in '" + attribute + "' but the build is of scope id '" + expected
				+ "'; write it to a build of '" + found + "' or correct the attribute");
		this.row = row;
		this.attribute = attribute;
		this.expected = expected;
		this.found = found;
	}

	/**
	 * Returns the row.
	 * @return its entity, with its id where that is known
	 */
	public String getRow() {
		return this.row;
	}

	/**
	 * Returns the attribute that holds the scope id.
	 * @return the name of the attribute
	 */
	public String getAttribute() {
		return this.attribute;
	}

	/**
	 * Returns the scope id of the build.
	 * @return the scope id of the build
	 */
	public String getExpected() {
		return this.expected;
	}

	/**
	 * Returns the scope id of the row.
	 * @return the scope id of the row
	 */
	public String getFound() {
		return this.found;
	}

}
