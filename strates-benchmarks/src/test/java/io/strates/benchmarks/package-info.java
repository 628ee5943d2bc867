/**
 * Benchmarks, each beside the raw limit of the same machine in the same run.
 */
@NullMarked
package io.strates.benchmarks;

import org.jspecify.annotations.NullMarked;
