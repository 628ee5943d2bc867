package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an encrypted attribute does not decrypt: another key, a changed or a moved
 * cipher text, or clear text where cipher text must be. Nothing is cached.
 *
 * @since 0.1.0
 */
public class DecodeFailedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public DecodeFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
