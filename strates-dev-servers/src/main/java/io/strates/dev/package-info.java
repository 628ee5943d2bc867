/**
 * Real servers for tests and for the sample application: PostgreSQL, MariaDB and Redis,
 * as containers where a Docker engine is at hand and as embedded binaries otherwise.
 * Nothing has to be installed beforehand, and nothing is left running when the JVM ends.
 * <p>
 * What looks wrong but is right:
 * <ul>
 * <li>Everything is reachable without a real password. The embedded servers listen on the
 * loopback address only.</li>
 * <li>Nothing is durable (no fsync, no snapshots): a server that is stopped has lost its
 * data.</li>
 * <li>Ports are taken from below the operating system's ephemeral range; see
 * {@code FreePort} for the reason.</li>
 * </ul>
 */
@NullMarked
package io.strates.dev;

import org.jspecify.annotations.NullMarked;
