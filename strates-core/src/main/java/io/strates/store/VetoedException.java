package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by what a hook has refused by throwing, which is the cause. Nothing was read or
 * written.
 *
 * @since 0.1.0
 */
public class VetoedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public VetoedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
