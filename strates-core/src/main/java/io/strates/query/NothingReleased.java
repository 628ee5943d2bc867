package io.strates.query;

/**
 * What is read of a scope id that has no release yet.
 *
 * @since 0.1.0
 */
public enum NothingReleased {

	/** Pinning it fails. */
	FAIL,
	/** It reads as a state without rows. */
	EMPTY

}
