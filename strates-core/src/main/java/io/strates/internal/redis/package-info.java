/**
 * Not API: what adapters to Redis share.
 */
@NullMarked
package io.strates.internal.redis;

import org.jspecify.annotations.NullMarked;
