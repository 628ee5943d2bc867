package io.strates.sample.web;

/**
 * Thrown when a parameter of a request has a value that it cannot have.
 */
public class BadRequestException extends RuntimeException {

	/**
	 * Creates an exception.
	 * @param message what is wrong and what is allowed, for the client to read
	 */
	public BadRequestException(String message) {
		super(message);
	}

}
