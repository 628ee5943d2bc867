package io.strates.snapshot;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a source that cannot answer, or not now. The call is tried again as the
 * source's options say, and then the next source is asked.
 *
 * @since 0.1.0
 */
public class SourceUnavailableException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public SourceUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
