/**
 * Not API: may change at any time. What several features share and no user names.
 */
@NullMarked
package io.strates.internal;

import org.jspecify.annotations.NullMarked;
