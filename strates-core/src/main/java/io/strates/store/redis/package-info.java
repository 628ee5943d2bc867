/**
 * The journal of queued writes in Redis.
 */
@NullMarked
package io.strates.store.redis;

import org.jspecify.annotations.NullMarked;
