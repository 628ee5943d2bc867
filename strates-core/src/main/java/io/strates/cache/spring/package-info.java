/**
 * Spring's cache abstraction on the tiers.
 */
@NullMarked
package io.strates.cache.spring;

import org.jspecify.annotations.NullMarked;
