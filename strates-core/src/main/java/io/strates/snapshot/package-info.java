/**
 * Snapshot sessions: one consistent, explained answer from many sources. The way in is
 * {@link io.strates.snapshot.SnapshotBuilder}.
 *
 * <p>
 * A build plans each key by itself: it asks the sources of the key in the order of their
 * priority, all keys at the same time, and shares each call with other builds that need
 * it. Only calls are shared, never the resolution of a key: a call waits for no other
 * call, so that two builds cannot wait for each other.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.snapshot;

import org.jspecify.annotations.NullMarked;
