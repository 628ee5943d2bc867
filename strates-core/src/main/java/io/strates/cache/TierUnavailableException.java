package io.strates.cache;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a tier that does not answer; caches go on without it.
 *
 * @since 0.1.0
 */
public class TierUnavailableException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message which tier does not answer what, and what follows from it
	 * @param cause what the tier's client said, or {@code null} if it was not asked
	 */
	public TierUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
