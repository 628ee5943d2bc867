/**
 * Garbage collection: removes the rows of builds that nothing keeps.
 */
@NullMarked
package io.strates.gc;

import org.jspecify.annotations.NullMarked;
