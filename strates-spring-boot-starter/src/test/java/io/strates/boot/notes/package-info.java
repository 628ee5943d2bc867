/** Entities of a second persistence unit. */
@NullUnmarked
package io.strates.boot.notes;

import org.jspecify.annotations.NullUnmarked;
