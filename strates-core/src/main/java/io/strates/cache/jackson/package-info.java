/**
 * Codecs on Jackson.
 */
@NullMarked
package io.strates.cache.jackson;

import org.jspecify.annotations.NullMarked;
