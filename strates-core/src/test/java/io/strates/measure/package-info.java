/**
 * Measurements that a developer runs: {@code mvn -pl strates-core -am -Pmeasure test}.
 */
@NullUnmarked
package io.strates.measure;

import org.jspecify.annotations.NullUnmarked;
