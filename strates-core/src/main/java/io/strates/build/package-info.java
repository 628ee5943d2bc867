/**
 * Builds: candidate states, written in parallel and invisible until released.
 *
 * <p>
 * What looks wrong but is right: a chunk asks for the status of its build again although
 * the writer knows it, because only the lock taken together with that question keeps a
 * seal, a failure or a collection from overtaking the chunk.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.build;

import org.jspecify.annotations.NullMarked;
