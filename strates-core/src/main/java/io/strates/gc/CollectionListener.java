package io.strates.gc;

import io.strates.build.BuildInfo;

/**
 * Is told how garbage collection goes: for progress bars, log lines and meters. All
 * methods do nothing by default.
 *
 * @implSpec Called by the thread that collects, after the transaction in question has
 * committed and outside any. What it throws is logged and changes nothing. Not called by
 * a dry run.
 * @since 0.1.0
 */
public interface CollectionListener {

	/**
	 * A batch of rows was removed.
	 * @param progress how far the build is, counting this batch
	 */
	default void progressed(CollectionProgress progress) {
	}

	/**
	 * A build could not be removed completely; the next run goes on where this one has
	 * stopped.
	 * @param build the build as it was before
	 * @param cause what stopped its removal
	 */
	default void failed(BuildInfo build, Throwable cause) {
	}

	/**
	 * A collection has ended.
	 * @param report what it did
	 */
	default void completed(CollectionReport report) {
	}

}
