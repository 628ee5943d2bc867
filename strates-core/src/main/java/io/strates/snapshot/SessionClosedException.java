package io.strates.snapshot;

import io.strates.StratesException;

/**
 * Thrown by a session that is closed.
 *
 * @since 0.1.0
 */
public class SessionClosedException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message which session is closed, and what to do
	 */
	public SessionClosedException(String message) {
		super(message);
	}

}
