package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for a call that did not get its turn in time. It never began, and is not tried
 * again.
 *
 * @since 0.1.0
 */
public class SourceQueueTimeoutException extends SourceTimeoutException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public SourceQueueTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
