/**
 * Debian's package indexes: the control format, version ordering, dependencies, and the
 * choice of one package per name.
 *
 * <p>
 * Everything here streams: memory is bounded by the longest stanza, except for
 * {@link io.strates.sample.debian.PackageSelection}, which keeps one small record per
 * package name.
 */
@NullMarked
package io.strates.sample.debian;

import org.jspecify.annotations.NullMarked;
