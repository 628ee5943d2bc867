package io.strates.build;

import java.util.UUID;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * An open build: the candidate for the next state of one scope id.
 *
 * {@snippet class = io.strates.SnippetsTests region = branches}
 *
 * <p>
 * <b>Consistency:</b> nothing of it is visible before it is released. <b>Atomicity:</b>
 * each chunk is one transaction; after a crash the build stays {@code BUILDING} without a
 * live writer, and garbage collection fails and removes it. <b>Concurrency:</b>
 * thread-safe. <b>Lifecycle:</b> opened by {@link BuildService}; closing a build that is
 * not sealed fails it; closing twice is harmless.
 *
 * @since 0.1.0
 */
public interface Build extends AutoCloseable {

	/**
	 * Returns the id of the build.
	 * @return a UUID of version 7
	 */
	UUID buildStrate();

	/**
	 * Returns the kind of aggregate.
	 * @return the scope
	 */
	String scope();

	/**
	 * Returns which aggregate of that kind.
	 * @return the scope id
	 */
	String scopeId();

	/**
	 * Returns the writer of this build.
	 * @return the one writer, for any number of threads
	 */
	BuildWriter writer();

	/**
	 * Begins a set of branches that write in parallel.
	 * @return an empty set of branches
	 */
	Branches branches();

	/**
	 * Works on this build in the current thread through repositories and the entity
	 * manager: they read its rows and add to them. Inside a transaction of the caller its
	 * rows are committed with that; sealing, failing or closing the build in the same
	 * transaction becomes part of it too.
	 * @param work what to do
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws BuildStateException if a row is written and the build is no longer being
	 * written
	 */
	<T extends @Nullable Object> T call(Callable<T> work);

	/**
	 * Works on this build in the current thread, as {@link #call} does.
	 * @param work what to do
	 */
	default void run(Runnable work) {
		call(() -> {
			work.run();
			return true;
		});
	}

	/**
	 * Ends the writing: stores what is collected, waits for chunks in flight, checks that
	 * every association points at a row of this build, counts the rows, and makes the
	 * build immutable. Sealing a sealed build changes nothing.
	 * @return the sealed build with its row counts
	 * @throws IncompleteBuildException if associations dangle, rows carry another scope
	 * id or the build is empty; the build stays open
	 * @throws BuildStateException if the build has failed
	 */
	BuildInfo seal();

	/**
	 * Gives the build up. A build that is sealed stays as it is.
	 * @param cause why
	 * @return the build as it is now
	 */
	BuildInfo fail(Throwable cause);

	/**
	 * Fails the build unless it is sealed.
	 */
	@Override
	void close();

}
