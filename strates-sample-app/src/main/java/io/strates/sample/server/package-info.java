/**
 * Embedded servers, where none are configured.
 */
@NullMarked
package io.strates.sample.server;

import org.jspecify.annotations.NullMarked;
