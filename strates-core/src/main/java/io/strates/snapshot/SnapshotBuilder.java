package io.strates.snapshot;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Builds snapshots from sources. Create one for an application with
 * {@link #with(Collection)}.
 *
 * <p>
 * <b>Consistency:</b> a snapshot holds one revision of each resource; what is in the
 * cache is taken at one moment, what is not comes from the sources within the same call.
 * <b>Concurrency:</b> thread-safe. A call waits for its slowest resource, at most until
 * its deadline; resources that are in the cache never wait for a source. Calls are shared
 * by all who need them meanwhile, each with a deadline of its own. <b>Lifecycle:</b> it
 * has threads of its own, which {@link #close} ends.
 *
 * @since 0.1.0
 */
public interface SnapshotBuilder extends AutoCloseable {

	/**
	 * Starts with the sources.
	 * @param sources the sources, in the order in which those of equal priority are asked
	 * @return sets up the builder
	 */
	static SnapshotSetup with(Collection<? extends Source<?>> sources) {
		return new SnapshotSetup(sources);
	}

	/**
	 * Starts with the sources.
	 * @param sources the sources
	 * @return sets up the builder
	 */
	static SnapshotSetup with(Source<?>... sources) {
		return new SnapshotSetup(List.of(sources));
	}

	/**
	 * Builds a snapshot of resources, all of which must be there.
	 * @param keys their keys
	 * @return the snapshot
	 * @throws SnapshotIncompleteException if one could not be resolved
	 * @throws IllegalArgumentException if there are no keys
	 * @throws IllegalStateException if the builder is closed
	 */
	default Snapshot build(ResourceKey<?>... keys) {
		return build(List.of(keys), SnapshotOptions.defaults());
	}

	/**
	 * Builds a snapshot of resources.
	 * @param keys their keys; a key that is there twice counts once
	 * @param options how it is built
	 * @return the snapshot
	 * @throws SnapshotIncompleteException if one could not be resolved, unless the
	 * options are lenient
	 * @throws IllegalArgumentException if there are no keys
	 * @throws IllegalStateException if the builder is closed
	 */
	Snapshot build(Collection<? extends ResourceKey<?>> keys, SnapshotOptions options);

	/**
	 * As {@link #build(Collection, SnapshotOptions)}, without waiting.
	 * @param keys their keys
	 * @param options how it is built
	 * @return completed with the snapshot or its failure, on a thread of the builder or
	 * the caller's; whoever cancels it no longer waits, but others may
	 * @throws IllegalArgumentException if there are no keys
	 * @throws IllegalStateException if the builder is closed
	 */
	CompletableFuture<Snapshot> buildAsync(Collection<? extends ResourceKey<?>> keys, SnapshotOptions options);

	/**
	 * Builds a snapshot that is what a request asks for.
	 * @param request what has to be there, and how good it has to be
	 * @param options how it is built; whether they are lenient does not matter
	 * @return the snapshot; what is optional may be missing
	 * @throws SnapshotIncompleteException if what is required could not be resolved, as
	 * {@link SnapshotSkewException} if the values lie too far apart, and as
	 * {@link SnapshotRefusedException} if they are not good enough; each carries the
	 * snapshot
	 * @throws IllegalStateException if the builder is closed
	 */
	Snapshot build(SnapshotRequest request, SnapshotOptions options);

	/**
	 * As {@link #build(SnapshotRequest, SnapshotOptions)}, but what is wrong is told and
	 * not thrown.
	 * @param request what has to be there, and how good it has to be
	 * @param options how it is built
	 * @param policy what a snapshot that is not what was asked for is still good for
	 * @return the snapshot, and the verdict
	 * @throws IllegalStateException if the builder is closed
	 */
	SnapshotOutcome judge(SnapshotRequest request, SnapshotOptions options, DegradationPolicy policy);

	/**
	 * Begins a snapshot that is assembled in stages.
	 * @param options how it is built; the deadline is that of all stages together
	 * @return the session, to be closed
	 * @throws IllegalStateException if the builder is closed
	 */
	SnapshotSession session(SnapshotOptions options);

	/**
	 * Returns who puts values into the cache that no source was asked for.
	 * @return the publisher
	 */
	ResourcePublisher publisher();

	/**
	 * Returns what is completed when no value is being read anew in the background.
	 * @return the future
	 */
	CompletableFuture<Void> refreshed();

	/**
	 * Returns what the builder is doing, and what it has counted.
	 * @return the state at this moment, of a closed builder too; no source is asked
	 */
	BuilderHealth health();

	/**
	 * Ends the builder: nothing is built any more, what is being built ends at once with
	 * what is there, and calls that run are left behind, interrupted. Closing twice is
	 * harmless.
	 */
	@Override
	void close();

}
