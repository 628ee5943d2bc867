/** An entity that has a tiered store and a secret. */
@NullUnmarked
package io.strates.boot.secret;

import org.jspecify.annotations.NullUnmarked;
