/**
 * The second tier in Redis.
 */
@NullMarked
package io.strates.cache.redis;

import org.jspecify.annotations.NullMarked;
