package io.strates.sample.web;

/**
 * Thrown when a request names a suite or a package that is not there.
 */
public class NotFoundException extends RuntimeException {

	/**
	 * Creates an exception.
	 * @param message what was looked for, for the client to read
	 */
	public NotFoundException(String message) {
		super(message);
	}

}
