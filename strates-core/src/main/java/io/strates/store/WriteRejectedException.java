package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a write that the database has rejected, for the reason in the cause. Nothing
 * of it was written; what was cached of it is loaded anew.
 *
 * @since 0.1.0
 */
public class WriteRejectedException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final boolean retryable;

	/**
	 * Creates an exception.
	 * @param message what failed, on which thing, why, and what to do
	 * @param retryable whether the same write may succeed the next time
	 * @param cause what the database said, or {@code null} if that is known from the
	 * message
	 */
	public WriteRejectedException(String message, boolean retryable, @Nullable Throwable cause) {
		super(message, cause);
		this.retryable = retryable;
	}

	/**
	 * Returns whether the same write may succeed the next time: it ran into another
	 * transaction.
	 * @return {@code false} if it will be refused again, such as for a constraint
	 */
	public boolean retryable() {
		return this.retryable;
	}

}
