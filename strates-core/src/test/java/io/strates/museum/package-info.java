/**
 * Entities with an attribute of every type of value.
 */
@NullUnmarked
package io.strates.museum;

import org.jspecify.annotations.NullUnmarked;
