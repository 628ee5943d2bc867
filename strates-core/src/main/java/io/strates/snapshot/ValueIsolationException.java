package io.strates.snapshot;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown for a value that could be changed by whoever holds it, and for which no copier
 * is known.
 *
 * @since 0.1.0
 */
public class ValueIsolationException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public ValueIsolationException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
