package io.strates.sample.debian;

/**
 * Thrown when a package index cannot be read, naming the first line at fault.
 */
public final class BrokenIndexException extends RuntimeException {

	private final long line;

	private final String reason;

	BrokenIndexException(long line, String reason) {
		super("line " + line + ": " + reason);
		this.line = line;
		this.reason = reason;
	}

	/**
	 * Returns the number of the line at fault, from 1, counted in the unpacked text.
	 */
	public long line() {
		return this.line;
	}

	/**
	 * Returns what is wrong with the line, without its number.
	 */
	public String reason() {
		return this.reason;
	}

}
