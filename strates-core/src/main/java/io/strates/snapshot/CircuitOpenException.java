package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for a call that was not made since the source failed of late. It is not tried
 * again.
 *
 * @since 0.1.0
 */
public class CircuitOpenException extends SourceUnavailableException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public CircuitOpenException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
