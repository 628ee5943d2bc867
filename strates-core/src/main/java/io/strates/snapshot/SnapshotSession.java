package io.strates.snapshot;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * A snapshot that is assembled in stages: what was resolved once stays as it is, whatever
 * happens to the resource meanwhile.
 *
 * <p>
 * <b>Consistency:</b> all stages have one name, one time and one deadline, and one
 * revision of each resource. <b>Atomicity:</b> {@link #revalidate} replaces all it was
 * asked for, and all that is derived from it, or nothing. <b>Concurrency:</b>
 * thread-safe; stages run at the same time, revalidation and closing by themselves.
 *
 * @since 0.1.0
 */
public interface SnapshotSession extends AutoCloseable {

	/**
	 * Returns the name of the snapshot.
	 * @return the identifier
	 */
	String id();

	/**
	 * Returns when the session began.
	 * @return the time
	 */
	Instant createdAt();

	/**
	 * Resolves more resources.
	 * @param keys their keys; those that have a value or an error keep it
	 * @return all that the session was asked for so far
	 * @throws SnapshotIncompleteException if one of the keys could not be resolved, and
	 * the session is not lenient; the session keeps the others
	 * @throws IllegalArgumentException if there are no keys
	 * @throws SessionClosedException if the session is closed
	 * @throws IllegalStateException if the builder is closed
	 */
	Snapshot resolve(Collection<? extends ResourceKey<?>> keys);

	/**
	 * Resolves more resources.
	 * @param keys their keys
	 * @return all that the session was asked for so far
	 * @see #resolve(Collection)
	 */
	default Snapshot resolve(ResourceKey<?>... keys) {
		return resolve(List.of(keys));
	}

	/**
	 * Resolves what a request asks for. Values that lie too far apart stay as they are,
	 * also if the request would have the oldest one replaced; revalidate them.
	 * @param request what has to be there, and how good it has to be
	 * @return all that the session was asked for so far
	 * @throws SnapshotIncompleteException if the session is not what the request asks
	 * for, as {@link SnapshotBuilder#build(SnapshotRequest, SnapshotOptions)} says; the
	 * session keeps the values
	 * @throws SessionClosedException if the session is closed
	 * @throws IllegalStateException if the builder is closed
	 */
	Snapshot resolve(SnapshotRequest request);

	/**
	 * Resolves resources, those that have an error too.
	 * @param keys their keys; those that have a value keep it
	 * @return all that the session was asked for so far
	 * @see #resolve(Collection)
	 */
	Snapshot retry(Collection<? extends ResourceKey<?>> keys);

	/**
	 * Replaces resources, and all that is derived from them, by what is current: from the
	 * cache if it is fresh there, from the sources else.
	 * @param keys resources that the session has resolved, inputs of derived ones
	 * included
	 * @return all that the session was asked for, with the new values; where one could
	 * not be resolved, the old values with the errors
	 * @throws SnapshotIncompleteException if one could not be resolved, and the session
	 * is not lenient; it carries the old values, which the session keeps
	 * @throws IllegalArgumentException if the session has not resolved one of the keys
	 * @throws SessionClosedException if the session is closed
	 * @throws IllegalStateException if the builder is closed
	 */
	Snapshot revalidate(Collection<? extends ResourceKey<?>> keys);

	/**
	 * As {@link #revalidate}, but asks the sources in any case, and takes no stale
	 * answer.
	 * @param keys resources that the session has resolved
	 * @return all that the session was asked for
	 */
	Snapshot refetch(Collection<? extends ResourceKey<?>> keys);

	/**
	 * As {@link #revalidate}, or {@link #refetch}, of what a request asks for; the
	 * session keeps its values unless the new ones are what it asks for. What is optional
	 * and has no value yet is resolved too, and may be missing further on.
	 * @param request what is to be replaced, and how good it has to be
	 * @param force whether the sources are asked in any case
	 * @return all that the session was asked for
	 * @throws SnapshotIncompleteException as
	 * {@link SnapshotBuilder#build(SnapshotRequest, SnapshotOptions)} says
	 */
	Snapshot revalidate(SnapshotRequest request, boolean force);

	/**
	 * Returns all that the session was asked for so far.
	 * @return the snapshot
	 */
	Snapshot snapshot();

	/**
	 * Ends the session, after what is under way.
	 */
	@Override
	void close();

}
