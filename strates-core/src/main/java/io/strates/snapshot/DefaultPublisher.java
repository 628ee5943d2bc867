package io.strates.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Publishes into the cache of an engine.
 */
final class DefaultPublisher implements ResourcePublisher {

	private final Engine engine;

	private final Backlog backlog;

	DefaultPublisher(Engine engine, Backlog backlog) {
		this.engine = engine;
		this.backlog = backlog;
	}

	@Override
	public List<PublishResult<?>> publish(Collection<? extends ResourceUpdate<?>> updates, Order order) {
		return publish(revisions(updates), order);
	}

	@Override
	public CompletableFuture<List<PublishResult<?>>> publishAsync(Collection<? extends ResourceUpdate<?>> updates,
			Order order) {
		// The values are the caller's, who may change them.
		return this.backlog.submit(() -> revisions(updates), (revisions) -> publish(revisions, order));
	}

	@Override
	public CompletableFuture<Void> flush() {
		return this.backlog.drained();
	}

	private List<Revision<?>> revisions(Collection<? extends ResourceUpdate<?>> updates) {
		long now = this.engine.now();
		List<Revision<?>> revisions = new ArrayList<>(updates.size());
		updates.forEach((update) -> revisions.add(this.engine.published(update, now)));
		return revisions;
	}

	private List<PublishResult<?>> publish(List<Revision<?>> revisions, Order order) {
		if (revisions.isEmpty()) {
			return List.of();
		}
		long now = this.engine.now();
		Map<ResourceKey<?>, Revision<?>> best = new LinkedHashMap<>();
		revisions.forEach((revision) -> best.merge(revision.key(), revision, DefaultPublisher::better));
		Map<ResourceKey<?>, Revisions.Written> written = new LinkedHashMap<>();
		this.engine.revisions()
			.write(best.values(), now, order == Order.FORCED, order == Order.NEWER_OR_EQUAL)
			.forEach((each) -> written.put(each.current().key(), each));
		List<PublishResult<?>> results = new ArrayList<>(revisions.size());
		revisions.forEach((revision) -> results.add(result(revision, written, now)));
		return List.copyOf(results);
	}

	/** Of two for one key; the first came first. */
	private static Revision<?> better(Revision<?> first, Revision<?> second) {
		if (first.authority() != second.authority()) {
			return (first.authority() > second.authority()) ? first : second;
		}
		return (first.observedAt() > second.observedAt()) ? first : second;
	}

	private PublishResult<?> result(Revision<?> revision, Map<ResourceKey<?>, Revisions.Written> written, long now) {
		Revisions.Written outcome = written.get(revision.key());
		if (outcome == null) {
			throw new IllegalStateException(revision.key() + " was not written");
		}
		Revision<?> current = outcome.current();
		PublishResult.Status status = current.equals(revision) ? PublishResult.Status.PUBLISHED
				: ignored(revision, outcome);
		return result(status, current, now);
	}

	private static PublishResult.Status ignored(Revision<?> revision, Revisions.Written outcome) {
		if (outcome.status() != Revisions.Written.Status.STORED) {
			return switch (outcome.status()) {
				case LOWER_AUTHORITY -> PublishResult.Status.IGNORED_LOWER_AUTHORITY;
				case OLDER -> PublishResult.Status.IGNORED_OLDER;
				default -> PublishResult.Status.IGNORED_DUPLICATE;
			};
		}
		Revision<?> better = outcome.current();
		if (revision.authority() < better.authority()) {
			return PublishResult.Status.IGNORED_LOWER_AUTHORITY;
		}
		return (revision.observedAt() < better.observedAt()) ? PublishResult.Status.IGNORED_OLDER
				: PublishResult.Status.IGNORED_DUPLICATE;
	}

	private <T> PublishResult<T> result(PublishResult.Status status, Revision<T> current, long now) {
		boolean stale = current.staleInputs() || !this.engine.freshness(current.key()).isFresh(current.age(now));
		return new PublishResult<>(status, new Taken<>(current, now, true, stale, Map.of())
			.isolated(this.engine.isolation().out(current.key(), current.value())));
	}

	@Override
	public List<ResourceKey<?>> invalidateTagged(String tag) {
		return List.copyOf(this.engine.revisions()
			.invalidateIf((revision) -> revision.metadata().get(SnapshotValue.TAGS) instanceof Collection<?> tags
					&& tags.contains(tag)));
	}

	@Override
	public List<ResourceKey<?>> prune() {
		return List.copyOf(this.engine.revisions().prune(this.engine.now()));
	}

	@Override
	public List<ResourceKey<?>> invalidate(Collection<? extends ResourceKey<?>> keys) {
		return List.copyOf(this.engine.revisions().invalidate(keys));
	}

	@Override
	public List<ResourceKey<?>> invalidateIf(Predicate<ResourceKey<?>> condition) {
		return List.copyOf(this.engine.revisions().invalidateIf((revision) -> condition.test(revision.key())));
	}

}
