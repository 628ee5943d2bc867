/** The first application of the README. */
@NullUnmarked
package io.strates.readme.shop;

import org.jspecify.annotations.NullUnmarked;
