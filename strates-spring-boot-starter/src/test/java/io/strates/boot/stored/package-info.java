/** An entity that has a tiered store. */
@NullUnmarked
package io.strates.boot.stored;

import org.jspecify.annotations.NullUnmarked;
