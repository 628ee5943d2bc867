package io.strates.release;

/**
 * The application event that tells of a release, on every node.
 *
 * <p>
 * Published after the commit, once per node and release, in the order of release numbers
 * of a scope id: at once on the node that released, and on the others when a message or
 * the next poll tells. A node tells of no release that was made before it started. Not
 * kept across a crash: a node that starts reads the live state instead.
 *
 * <p>
 * A {@code @TransactionalEventListener} hears nothing: the event is published outside any
 * transaction; use {@code @EventListener}.
 *
 * @param release the release
 * @since 0.1.0
 */
public record StrateReleased(Release release) {
}
