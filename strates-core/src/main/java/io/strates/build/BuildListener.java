package io.strates.build;

/**
 * Is told how builds go: for progress bars, log lines and meters. All methods do nothing
 * by default.
 *
 * @implSpec Called by the thread that does the work, after the transaction in question
 * has committed. Must not block; what it throws is logged and changes nothing.
 * @since 0.1.0
 */
public interface BuildListener {

	/**
	 * A build was opened.
	 * @param build the build
	 */
	default void opened(BuildInfo build) {
	}

	/**
	 * A chunk of rows was committed.
	 * @param progress how far the build is, counting this chunk
	 */
	default void progressed(BuildProgress progress) {
	}

	/**
	 * A build was sealed.
	 * @param build the build with its row counts
	 */
	default void sealed(BuildInfo build) {
	}

	/**
	 * A build has failed.
	 * @param build the build with the reason
	 */
	default void failed(BuildInfo build) {
	}

}
