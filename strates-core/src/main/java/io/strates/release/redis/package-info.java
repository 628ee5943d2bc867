/**
 * The news of releases on Redis pub/sub.
 */
@NullMarked
package io.strates.release.redis;

import org.jspecify.annotations.NullMarked;
