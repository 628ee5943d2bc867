package io.strates.release;

/**
 * Carries the news of releases between nodes. Only speed depends on it: a node that
 * misses a message finds the release at its next poll.
 *
 * @implSpec Thread-safe. {@link #announce} is called after the commit, must not block for
 * long, and may throw: the caller logs it.
 * @since 0.1.0
 */
public interface ReleaseChannel extends AutoCloseable {

	/**
	 * Tells the other nodes of a release.
	 * @param release the release
	 */
	void announce(Release release);

	/**
	 * Begins to listen.
	 * @param news called, by any thread, when a release may have happened and after every
	 * (re)connection
	 */
	void listen(Runnable news);

	@Override
	void close();

}
