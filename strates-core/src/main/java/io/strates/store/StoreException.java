package io.strates.store;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Root of what tiered stores throw. Each subclass stands for one reaction of the caller.
 *
 * @since 0.1.0
 */
public abstract class StoreException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	protected StoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
