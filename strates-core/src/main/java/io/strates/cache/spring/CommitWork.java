package io.strates.cache.spring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheWrite;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What one transaction does to caches. Keys are fenced when they are evicted or put, so
 * that nobody keeps what was read before the commit; what was put is there after it.
 */
final class CommitWork implements TransactionSynchronization {

	private final Map<Place, Pending> writes = new LinkedHashMap<>();

	private final Map<FillRight, Kept> fills = new LinkedHashMap<>();

	private final Set<NamedCache> cleared = new HashSet<>();

	private boolean committing;

	/** A key of a cache. */
	private record Place(NamedCache cache, String text) {
	}

	/** A write that waits for the commit, and what it is to leave behind. */
	private static final class Pending {

		private final CacheWrite<String, Held> write;

		private @Nullable Kept kept;

		Pending(CacheWrite<String, Held> write) {
			this.write = write;
		}

	}

	/** What is to be kept, or {@code null} for that there is no value. */
	private record Kept(NamedCache cache, @Nullable Held value) {
	}

	static TransactionMemory<CommitWork> memory() {
		return new TransactionMemory<>(() -> {
			CommitWork work = new CommitWork();
			TransactionSynchronizationManager.registerSynchronization(work);
			return work;
		});
	}

	void put(NamedCache cache, String text, @Nullable Held value) {
		pending(cache, text).kept = new Kept(cache, value);
	}

	void evict(NamedCache cache, String text) {
		pending(cache, text).kept = null;
	}

	private Pending pending(NamedCache cache, String text) {
		Pending pending = this.writes.computeIfAbsent(new Place(cache, text),
				(place) -> new Pending(cache.tiers().write(Set.of(text), Set.of())));
		if (this.committing) {
			pending.write.awaitFences();
		}
		return pending;
	}

	void fill(NamedCache cache, FillRight right, @Nullable Held value) {
		this.fills.put(right, new Kept(cache, value));
	}

	void clear(NamedCache cache) {
		this.cleared.add(cache);
		this.writes.forEach((place, pending) -> {
			if (place.cache().equals(cache)) {
				pending.kept = null;
			}
		});
		this.fills.forEach((right, kept) -> {
			if (kept.cache().equals(cache)) {
				right.end();
			}
		});
	}

	/** Whether the transaction has cleared a cache, whose values others may still use. */
	boolean hasCleared(NamedCache cache) {
		return this.cleared.contains(cache);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		this.writes.values().forEach((pending) -> pending.kept = null);
		this.fills.keySet().forEach(FillRight::end);
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		this.committing = true;
		this.writes.values().forEach((pending) -> pending.write.awaitFences());
	}

	@Override
	public void afterCompletion(int status) {
		List<Runnable> steps = new ArrayList<>();
		this.writes.forEach((place, pending) -> steps.add(() -> end(place.text(), pending, status)));
		this.fills.forEach((right, kept) -> steps.add(() -> end(right, kept, status)));
		if (status != STATUS_ROLLED_BACK) {
			this.cleared.forEach((cache) -> steps.add(cache.tiers()::invalidateAll));
		}
		each(steps);
	}

	private static void end(String text, Pending pending, int status) {
		try (CacheWrite<String, Held> write = pending.write) {
			if (status == STATUS_COMMITTED) {
				Map<String, @Nullable Held> values = new LinkedHashMap<>();
				Kept kept = pending.kept;
				if (kept != null) {
					values.put(text, kept.value());
				}
				write.committed(values);
			}
			else if (status == STATUS_UNKNOWN) {
				write.outcomeUnknown();
			}
		}
	}

	private static void end(FillRight right, Kept kept, int status) {
		if (status == STATUS_COMMITTED) {
			right.complete(kept.value());
		}
		right.end();
	}

	/** A failure of one must not leave the others undone. */
	private static void each(List<Runnable> steps) {
		RuntimeException failure = null;
		for (Runnable step : steps) {
			try {
				step.run();
			}
			catch (RuntimeException ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
