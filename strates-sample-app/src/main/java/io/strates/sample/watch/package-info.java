/**
 * The watch list: notes on packages, which change, unlike the states that they are about.
 */
@NullMarked
package io.strates.sample.watch;

import org.jspecify.annotations.NullMarked;
