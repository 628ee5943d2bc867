/**
 * Releases: the pointer of each scope id, which only compare-and-set moves, and the log
 * of its moves.
 *
 * <p>
 * What looks wrong but is right: order is by release number alone; neither UUIDs nor
 * times are compared to decide what is newer.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.release;

import org.jspecify.annotations.NullMarked;
