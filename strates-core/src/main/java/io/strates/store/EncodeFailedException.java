package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a write of an entity that cannot be turned into what tiers hold. Nothing was
 * written.
 *
 * @since 0.1.0
 */
public class EncodeFailedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public EncodeFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
