/**
 * Operation of Strates: the actuator endpoint, health and meters.
 */
@NullMarked
package io.strates.boot.actuate;

import org.jspecify.annotations.NullMarked;
