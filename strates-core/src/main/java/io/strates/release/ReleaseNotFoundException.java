package io.strates.release;

import io.strates.StratesException;

/**
 * Thrown when a release is named that does not exist, or no longer has its rows.
 *
 * @since 0.1.0
 */
public class ReleaseNotFoundException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what was looked for, and what is there
	 */
	public ReleaseNotFoundException(String message) {
		super(message);
	}

}
