package io.strates.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for what was not done when the time of the snapshot was over. Nothing is tried
 * again.
 *
 * @since 0.1.0
 */
public class SnapshotDeadlineException extends SourceTimeoutException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public SnapshotDeadlineException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
