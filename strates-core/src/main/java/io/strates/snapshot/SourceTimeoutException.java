package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for a call that did not end in time.
 *
 * @since 0.1.0
 */
public class SourceTimeoutException extends SourceUnavailableException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public SourceTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
