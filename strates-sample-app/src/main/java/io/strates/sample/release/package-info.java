/**
 * The history of suites: builds, releases, rollback.
 */
@NullMarked
package io.strates.sample.release;

import org.jspecify.annotations.NullMarked;
