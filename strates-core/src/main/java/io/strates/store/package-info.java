/**
 * Stores of ordinary, mutable entities over three tiers.
 *
 * <p>
 * What looks wrong but is right: a flush of queued writes takes a row lock in the
 * database although it has a lease already. The lease keeps nodes from competing; only
 * the lock keeps one that was paused from writing after its lease has gone to another.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.store;

import org.jspecify.annotations.NullMarked;
