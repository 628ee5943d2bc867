/**
 * The entities that the tests write and read: every kind of mapping that is supported.
 */
@NullUnmarked
package io.strates.shop;

import org.jspecify.annotations.NullUnmarked;
