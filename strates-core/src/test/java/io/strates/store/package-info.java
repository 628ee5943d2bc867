@NullMarked
package io.strates.store;

import org.jspecify.annotations.NullMarked;
