/**
 * Caches over the tiers L1 (memory of the process) and L2 (Redis): one load per key,
 * values that no caller can change for another, and a second tier whose absence makes
 * reads slower, never wrong.
 *
 * <p>
 * What looks wrong but is right: an {@link io.strates.cache.ImmutableCache} has no way to
 * replace a value. Its keys name what never changes, such as the row of a released build;
 * whoever wants another value asks with another key. A
 * {@link io.strates.cache.CoherentCache} often keeps nothing of a key that somebody wrote
 * while somebody else read or wrote it: what nobody keeps cannot be old.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.cache;

import org.jspecify.annotations.NullMarked;
