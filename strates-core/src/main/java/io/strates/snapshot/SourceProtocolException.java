package io.strates.snapshot;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown for an answer that breaks the contract of a source, such as a key that was not
 * asked for, or a value from the future. It is not tried again.
 *
 * @since 0.1.0
 */
public class SourceProtocolException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what failed, why, and what to do
	 * @param cause the failure underneath, or {@code null} if there is none
	 */
	public SourceProtocolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
