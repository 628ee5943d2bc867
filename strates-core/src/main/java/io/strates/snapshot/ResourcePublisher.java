package io.strates.snapshot;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Puts values into the cache of a builder that no source was asked for.
 *
 * <p>
 * <b>Consistency:</b> a value replaces what was observed before it, or comes from a
 * source that is trusted less; what sessions have resolved stays. <b>Atomicity:</b> what
 * is published or forgotten with one call is seen whole or not at all by each read of the
 * cache. <b>Concurrency:</b> thread-safe.
 *
 * @since 0.1.0
 */
public interface ResourcePublisher {

	/**
	 * Publishes values.
	 * @param updates the values; of several for one key the one of the higher rank
	 * counts, then the newer, then the later in the list
	 * @param order what may be replaced
	 * @return what became of each, in their order
	 * @throws SourceProtocolException if one was observed in the future; then none is
	 * published
	 * @throws ValueIsolationException if one could be changed by whoever holds it; then
	 * none is published
	 */
	List<PublishResult<?>> publish(Collection<? extends ResourceUpdate<?>> updates, Order order);

	/**
	 * Publishes a value.
	 * @param update the value
	 * @param <T> its type
	 * @return what became of it
	 * @see #publish(Collection, Order)
	 */
	@SuppressWarnings("unchecked") // a result is of the type of its update
	default <T> PublishResult<T> publish(ResourceUpdate<T> update) {
		return (PublishResult<T>) publish(List.of(update), Order.NEWER).get(0);
	}

	/**
	 * Publishes values later, after all that was to be published later before. The values
	 * are taken, and what has no time was observed, now.
	 * @param updates the values
	 * @param order what may be replaced
	 * @return completed with what became of each, or with what
	 * {@link #publish(Collection, Order)} would have thrown; whoever cancels it does not
	 * cancel the publication
	 * @throws BacklogFullException if too many wait already
	 * @throws IllegalStateException if the builder is closed
	 * @see SnapshotSetup#backlog
	 */
	CompletableFuture<List<PublishResult<?>>> publishAsync(Collection<? extends ResourceUpdate<?>> updates,
			Order order);

	/**
	 * Returns what is completed when all is published, or has failed, that was to be
	 * published later so far.
	 * @return the future
	 */
	CompletableFuture<Void> flush();

	/**
	 * Forgets values, which are then read from their sources.
	 * @param keys their keys
	 * @return those that were there
	 */
	List<ResourceKey<?>> invalidate(Collection<? extends ResourceKey<?>> keys);

	/**
	 * Forgets all values whose keys a condition is true of.
	 * @param condition the condition
	 * @return those that were there
	 */
	List<ResourceKey<?>> invalidateIf(Predicate<ResourceKey<?>> condition);

	/**
	 * Forgets all values of a type.
	 * @param type the type
	 * @return the keys of those that were there
	 */
	default List<ResourceKey<?>> invalidateType(ResourceType<?> type) {
		return invalidateIf((key) -> key.type().equals(type));
	}

	/**
	 * Forgets all values of a namespace.
	 * @param namespace the namespace, as {@link ResourceType#namespace()} has it
	 * @return the keys of those that were there
	 */
	default List<ResourceKey<?>> invalidateNamespace(String namespace) {
		return invalidateIf((key) -> key.type().namespace().equals(namespace));
	}

	/**
	 * Forgets all values of a subject, whatever their type.
	 * @param subject the subject, as {@link ResourceKey#subject()} has it
	 * @return the keys of those that were there
	 */
	default List<ResourceKey<?>> invalidateSubject(String subject) {
		return invalidateIf((key) -> key.subject().equals(subject));
	}

	/**
	 * Forgets all values that have a tag, which are texts in the
	 * {@link SnapshotValue#TAGS} of their metadata.
	 * @param tag the tag
	 * @return the keys of those that were there
	 */
	List<ResourceKey<?>> invalidateTagged(String tag);

	/**
	 * Forgets all values that are too old to be of any use, before somebody asks for
	 * them.
	 * @return the keys of those that were there
	 */
	List<ResourceKey<?>> prune();

	/**
	 * What a publication may replace.
	 *
	 * @since 0.1.0
	 */
	enum Order {

		/** What was observed before. */
		NEWER,

		/** What was observed before, or at the same time. */
		NEWER_OR_EQUAL,

		/** Whatever is there. */
		FORCED

	}

}
