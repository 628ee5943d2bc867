/** Entities that stop the start. */
@NullUnmarked
package io.strates.boot.faulty;

import org.jspecify.annotations.NullUnmarked;
