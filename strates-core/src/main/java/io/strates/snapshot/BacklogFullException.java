package io.strates.snapshot;

import io.strates.StratesException;

/**
 * Thrown for a publication that is not taken, since too many wait already. Nothing of it
 * was published.
 *
 * @since 0.1.0
 */
public class BacklogFullException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final int limit;

	private final int pending;

	/**
	 * Creates an exception.
	 * @param limit how many publications may wait
	 * @param pending how many wait
	 */
	public BacklogFullException(int limit, int pending) {
		super("The backlog of publications holds " + pending + " of " + limit
				+ "; wait for those that were sent, or raise the limit");
		this.limit = limit;
		this.pending = pending;
	}

	/**
	 * Returns how many publications may wait.
	 * @return the limit
	 */
	public int limit() {
		return this.limit;
	}

	/**
	 * Returns how many waited.
	 * @return the number
	 */
	public int pending() {
		return this.pending;
	}

}
