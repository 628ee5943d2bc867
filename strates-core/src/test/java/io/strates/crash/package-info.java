/**
 * What is left when a process is killed, and what the next one makes of it.
 */
@NullMarked
package io.strates.crash;

import org.jspecify.annotations.NullMarked;
