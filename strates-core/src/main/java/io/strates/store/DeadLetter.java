package io.strates.store;

import java.time.Instant;

/**
 * A queued write that the database has refused for good. It is kept until somebody
 * retries or drops it, or the same id is written again.
 *
 * @param write the write
 * @param cause why the database refused it the last time
 * @param diedAt when it was given up
 * @param attempts how often it was tried
 * @since 0.1.0
 */
public record DeadLetter(QueuedWrite write, String cause, Instant diedAt, int attempts) {
}
