/**
 * Pins: the choice of build that one unit of work reads, and what can be asked about
 * releases and builds.
 *
 * <p>
 * What looks wrong but is right: a unit of work that pins the released build twice gets
 * the same build twice, whatever was released in between.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.query;

import org.jspecify.annotations.NullMarked;
