/** The snapshot of the README. */
@NullMarked
package io.strates.readme.overview;

import org.jspecify.annotations.NullMarked;
