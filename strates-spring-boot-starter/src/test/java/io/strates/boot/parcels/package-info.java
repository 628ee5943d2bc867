/** An entity that has a tiered store. */
@NullUnmarked
package io.strates.boot.parcels;

import org.jspecify.annotations.NullUnmarked;
