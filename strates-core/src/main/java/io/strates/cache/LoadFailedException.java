package io.strates.cache;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown to a reader that waited for the load of another: the load failed or did not end
 * in time. Nothing is cached; the next reader loads again.
 *
 * @since 0.1.0
 */
public class LoadFailedException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message which load failed and why
	 * @param cause the failure of the load, or {@code null} if it did not end in time
	 */
	public LoadFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
