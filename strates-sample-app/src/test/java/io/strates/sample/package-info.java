@NullMarked
package io.strates.sample;

import org.jspecify.annotations.NullMarked;
