/**
 * Carries pins to other threads with Micrometer's context propagation.
 */
@NullMarked
package io.strates.query.micrometer;

import org.jspecify.annotations.NullMarked;
