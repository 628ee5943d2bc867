/** The README's code and configuration, compared with what runs. */
@NullUnmarked
package io.strates.readme;

import org.jspecify.annotations.NullUnmarked;
