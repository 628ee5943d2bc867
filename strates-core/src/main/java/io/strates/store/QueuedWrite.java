package io.strates.store;

import org.jspecify.annotations.Nullable;

/**
 * A write that is acknowledged and not yet in the database.
 *
 * @param id the id of the entity, as text
 * @param state the encoded state of the entity, which nobody may change, or {@code null}
 * if it is deleted
 * @since 0.1.0
 */
// Nobody compares writes, and a copy per access would cost more than it protects.
@SuppressWarnings("ArrayRecordComponent")
public record QueuedWrite(String id, byte @Nullable [] state) {
}
