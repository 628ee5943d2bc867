/**
 * Entities whose rows refer to each other in every way that the writer of a build has to
 * put in order.
 */
@NullUnmarked
package io.strates.forest;

import org.jspecify.annotations.NullUnmarked;
