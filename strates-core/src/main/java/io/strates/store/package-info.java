/**
 * Entities that change, read from memory on every node: L1, L2 and the database behind
 * one door, {@link io.strates.store.TieredStore}.
 *
 * <p>
 * What looks wrong but is right: tiers hold flat states, never entities, so that no
 * caller can change what another one reads. A write inside a transaction of the caller
 * leaves nothing in the caches, since nobody knows what else that transaction changed. A
 * flush of queued writes takes a row lock in the database although it has a lease
 * already. The lease keeps nodes from competing; only the lock keeps one that was paused
 * from writing after its lease has gone to another.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.store;

import org.jspecify.annotations.NullMarked;
