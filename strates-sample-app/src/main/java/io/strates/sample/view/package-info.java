/**
 * How often packages were looked at: counted in memory, and written behind.
 */
@NullMarked
package io.strates.sample.view;

import org.jspecify.annotations.NullMarked;
