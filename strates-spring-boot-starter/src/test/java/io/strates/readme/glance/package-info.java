/** The code on the first screen of the README. */
@NullUnmarked
package io.strates.readme.glance;

import org.jspecify.annotations.NullUnmarked;
