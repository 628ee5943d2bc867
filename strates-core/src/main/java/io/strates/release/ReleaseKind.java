package io.strates.release;

/**
 * Why the pointer moved.
 *
 * @since 0.1.0
 */
public enum ReleaseKind {

	/** A build was released. */
	RELEASE,
	/** An earlier state was restored. */
	ROLLBACK

}
