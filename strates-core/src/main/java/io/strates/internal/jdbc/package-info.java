/**
 * Not API: what the supported databases write differently.
 */
@NullMarked
package io.strates.internal.jdbc;

import org.jspecify.annotations.NullMarked;
