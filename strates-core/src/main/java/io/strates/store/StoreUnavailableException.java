package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the database does not answer and no tier has what was asked for, or when a
 * write could not be begun. It says nothing about whether there is an entity.
 *
 * @since 0.1.0
 */
public class StoreUnavailableException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public StoreUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
