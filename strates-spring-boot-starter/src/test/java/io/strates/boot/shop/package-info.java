/** Entities and repositories that tests of the starter share. */
@NullUnmarked
package io.strates.boot.shop;

import org.jspecify.annotations.NullUnmarked;
