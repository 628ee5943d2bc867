package io.strates.build;

import java.util.Objects;
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
 * not sealed fails it; closing twice is harmless. One that the program loses without
 * closing it is failed soon after it was found to be garbage, with a warning.
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
	 * <p>
	 * What the work throws arrives as it is, also a checked exception, which the caller
	 * declares or catches as {@code Exception}; the build stays open.
	 * @param work what to do; may throw checked exceptions, which arrive unwrapped
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored that its writer had
	 * collected, or failed to store before
	 * @throws ScopeIdMismatchException if a new entity carries another scope id
	 * @throws NullPointerException if the work is {@code null}
	 */
	<T extends @Nullable Object> T call(Callable<T> work);

	/**
	 * Works on this build in the current thread, as {@link #call} does.
	 * @param work what to do
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored that its writer had
	 * collected, or failed to store before
	 * @throws ScopeIdMismatchException if a new entity carries another scope id
	 * @throws NullPointerException if the work is {@code null}
	 */
	default void run(Runnable work) {
		Objects.requireNonNull(work, "The work on the build is null; pass what to do");
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
	 * @throws ChunkFailedException if rows could not be stored; close the build, which
	 * can no longer be complete
	 * @throws IllegalStateException if the current thread is in the middle of a write, or
	 * in a transaction that wrote rows to this build and does not run at READ COMMITTED;
	 * the build stays open
	 */
	BuildInfo seal();

	/**
	 * Gives the build up: its writer takes no more rows, and nothing of it can be
	 * released. A build that is sealed stays as it is. Waits for chunks in flight. Inside
	 * a transaction of the caller that wrote rows to this build, the build fails when
	 * that has ended.
	 * @param cause why
	 * @return the build as it is now
	 * @throws org.springframework.core.NestedRuntimeException if the database cannot be
	 * reached; try again, or let go of the build, which then fails as one that is lost
	 * @throws NullPointerException if the cause is {@code null}
	 */
	BuildInfo fail(Throwable cause);

	/**
	 * Fails the build unless it is sealed or has failed already, as {@link #fail} does.
	 * @throws org.springframework.core.NestedRuntimeException if the database cannot be
	 * reached; try again, or let go of the build, which then fails as one that is lost
	 */
	@Override
	void close();

}
