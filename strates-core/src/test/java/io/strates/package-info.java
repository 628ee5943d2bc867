@NullMarked
package io.strates;

import org.jspecify.annotations.NullMarked;
