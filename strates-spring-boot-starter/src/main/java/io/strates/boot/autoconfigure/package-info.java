/**
 * Auto-configuration of Strates: mapping, metadata schema, services, pins, and what stops
 * the start.
 *
 * <p>
 * What looks wrong but is right: {@code JdbcClient}, executors and schedulers are no
 * beans, because beans of these types make Spring Boot's own back off; listeners are
 * looked up late, so that a listener may use the services that tell it.
 */
@NullMarked
package io.strates.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
