package io.strates;

import org.jspecify.annotations.Nullable;

/**
 * Root of all exceptions that Strates throws. Each subclass stands for one reaction that
 * a caller can have; its message names the thing, the state found and the way out.
 *
 * @since 0.1.0
 */
public abstract class StratesException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 */
	protected StratesException(String message) {
		super(message);
	}

	/**
	 * Creates an exception with a cause.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	protected StratesException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
