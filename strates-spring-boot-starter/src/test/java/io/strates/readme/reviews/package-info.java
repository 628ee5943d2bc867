/** The README's store with tags, searches, hooks and a secret. */
@NullUnmarked
package io.strates.readme.reviews;

import org.jspecify.annotations.NullUnmarked;
