/**
 * Suites and their states: which names they can have, and which state a request reads.
 */
@NullMarked
package io.strates.sample.suite;

import org.jspecify.annotations.NullMarked;
