/**
 * Complete, versioned business states: built beside the live one, released by moving one
 * pointer, read through ordinary repositories that see exactly one build.
 *
 * {@snippet class = io.strates.SnippetsTests region = cycle}
 *
 * <p>
 * The architecture on one page. Every row of a stratified entity is keyed by (build, id).
 * A build is written by {@code build}, in chunks that share a lock on its metadata row;
 * sealing takes that lock exclusively, so nothing can be written afterwards.
 * {@code release} moves the pointer of (scope, scope id) with compare-and-set and appends
 * to the release log in the same transaction. {@code query} resolves a pin (the build
 * that one unit of work reads) and binds it to the thread; the mapping of {@code entity}
 * turns every association into a join on both columns and a filter adds the bound build
 * to every query. A statement that names a stratified table without its build is refused.
 * {@code gc} removes builds that nothing keeps. Nothing but the pointer ever moves:
 * whatever is cached under a build stays true.
 *
 * @serial exclude
 */
@NullMarked
package io.strates;

import org.jspecify.annotations.NullMarked;
