package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a write whose commit was not answered: it may have happened or not. Nothing
 * is cached of it; read again to know.
 *
 * @since 0.1.0
 */
public class WriteOutcomeUnknownException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public WriteOutcomeUnknownException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
