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

	/**
	 * Returns whether the news of other nodes arrives at present, as far as this node
	 * knows: a connection that breaks may be noticed late.
	 * @return {@code false} while the channel is known not to be listened to
	 */
	default boolean isListening() {
		return true;
	}

	@Override
	void close();

}
