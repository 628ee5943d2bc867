/**
 * How an index becomes a release: at the start from the bundled files, later from
 * uploads.
 */
@NullMarked
package io.strates.sample.importing;

import org.jspecify.annotations.NullMarked;
