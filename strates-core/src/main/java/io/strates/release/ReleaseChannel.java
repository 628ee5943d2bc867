package io.strates.release;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

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
	 * Asks the other nodes to prepare for a build that is about to become live, and waits
	 * until those that listen have done so.
	 * @param buildStrate the build
	 * @param limit how long to wait at most
	 * @implSpec Does nothing by default: other nodes are not prepared.
	 */
	default void prepare(UUID buildStrate, Duration limit) {
		// Nobody to ask.
	}

	/**
	 * Sets what this node does to prepare for a build. Called once, before anything is
	 * announced.
	 * @param preparation called, by a thread of the channel's own, with a build that some
	 * node wants to release; whether it is one is for the callee to find out
	 */
	default void onPrepare(Consumer<UUID> preparation) {
		// Nobody asks.
	}

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
