package io.strates.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.TierUnavailableException;
import io.strates.store.StoreParts.Behind;
import io.strates.store.StoreParts.BehindFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Queues the writes of a store, and applies them when they are flushed.
 */
final class StoreQueue<T, ID> {

	private final StoreParts<T, ID> parts;

	private final EntityModel<T, ID> model;

	private final EntityTable<T, ID> table;

	private final StateShape shape;

	private final CoherentCache<ID, EntityState> cache;

	private final Hooks<T> hooks;

	private final StoreCounters counters;

	private final Behind behind;

	StoreQueue(StoreParts<T, ID> parts, BehindFactory behind, StoreCounters counters) {
		this.parts = parts;
		this.model = parts.model();
		this.table = parts.table();
		this.shape = parts.shape();
		this.cache = parts.cache();
		this.hooks = parts.hooks();
		this.counters = counters;
		this.behind = behind.make(this::apply, this::gaveUp);
	}

	/** Begins to flush by itself. */
	void start() {
		this.behind.start().run();
	}

	void flush() {
		this.behind.queue().flush();
	}

	WriteJournal.Counts counts() {
		try {
			return this.behind.queue().counts();
		}
		catch (TierUnavailableException ex) {
			return new WriteJournal.Counts(-1, -1);
		}
	}

	/** Makes way for writes that are not queued. */
	void settle(Set<ID> ids) {
		this.behind.queue().settle(this.parts.texts(ids));
	}

	/** Takes what is queued, and returns the ids of which nothing is. */
	Set<ID> take(Set<ID> ids, Map<ID, EntityState> states) {
		Set<ID> missing = new LinkedHashSet<>(ids);
		this.behind.queue().pending(this.parts.texts(ids)).forEach((text, write) -> {
			ID id = this.model.id(text);
			missing.remove(id);
			byte[] state = write.state();
			if (state != null) {
				states.put(id, this.behind.codec().fromQueue(text, state));
			}
		});
		return missing;
	}

	/**
	 * Acknowledges writes.
	 * @param states the states, {@code null} for what is deleted
	 * @param before reads what was there before
	 */
	void enqueue(Map<ID, ? extends @Nullable EntityState> states, Function<Set<ID>, Map<ID, EntityState>> before) {
		if (states.isEmpty()) {
			return;
		}
		Map<ID, @Nullable EntityState> values = new LinkedHashMap<>(states);
		if (this.shape.hasWrittenOnce()) {
			before.apply(new LinkedHashSet<>(values.keySet())).forEach((id, old) -> {
				EntityState written = values.get(id);
				if (written != null) {
					values.put(id, this.shape.over(old, written));
				}
			});
		}
		List<QueuedWrite> writes = new ArrayList<>();
		values.forEach((id, state) -> writes
			.add(new QueuedWrite(this.model.idText(id), (state != null) ? this.behind.codec().queued(state) : null)));
		try (CacheWrite<ID, EntityState> write = this.cache.write(values.keySet(), Set.of(StoreWork.WRITTEN))) {
			write.awaitFences();
			try {
				this.behind.queue().enqueue(writes);
			}
			catch (RuntimeException ex) {
				// More writes than fit into one call may be queued in part.
				write.outcomeUnknown();
				throw ex;
			}
			write.committed(values);
		}
		finally {
			values.values().forEach(StoreQueue::forgetEncoded);
		}
		values.forEach(this::tellQueued);
	}

	private static void forgetEncoded(@Nullable EntityState state) {
		if (state != null) {
			state.keepEncoded(null);
		}
	}

	private void tellQueued(ID id, @Nullable EntityState state) {
		if (state == null) {
			this.counters.deletes.increment();
			this.hooks.after("delete", id, (hook) -> hook.afterDelete(id));
		}
		else {
			this.counters.puts.increment();
			this.hooks.after("put", id, (hook) -> hook.afterPut(this.model.entity(state)));
		}
	}

	/**
	 * Applies queued writes, in the transaction of the flush. What the database makes of
	 * them may differ from what was queued, by a trigger or a rounded number: then the
	 * caches load it anew. Searches see other rows from now on.
	 */
	private void apply(List<QueuedWrite> writes) {
		StoreWork<ID> work = new StoreWork<>(this.cache, false);
		TransactionSynchronizationManager.registerSynchronization(work);
		work.fenceSearches();
		int from = 0;
		while (from < writes.size()) {
			int to = from;
			boolean deletes = writes.get(from).state() == null;
			while (to < writes.size() && (writes.get(to).state() == null) == deletes) {
				to++;
			}
			List<QueuedWrite> run = writes.subList(from, to);
			if (deletes) {
				this.table.delete(run.stream().map((write) -> this.model.id(write.id())).toList());
			}
			else {
				applyPuts(work, run);
			}
			from = to;
		}
	}

	private void applyPuts(StoreWork<ID> work, List<QueuedWrite> run) {
		StateCodec codec = this.behind.codec();
		List<EntityState> states = new ArrayList<>();
		for (QueuedWrite write : run) {
			states.add(codec.fromQueue(write.id(), Objects.requireNonNull(write.state())));
		}
		List<EntityState> after = this.table.upsert(states.stream().map(this.shape::encrypted).toList());
		Set<ID> changed = new LinkedHashSet<>();
		for (int index = 0; index < states.size(); index++) {
			if (!this.shape.decrypted(after.get(index)).equals(states.get(index))) {
				changed.add(this.parts.idOf(states.get(index)));
			}
		}
		work.fence(changed);
	}

	private void gaveUp(String store, DeadLetter letter, Throwable cause) {
		ID id = this.model.id(letter.write().id());
		this.cache.invalidate(Set.of(id));
		this.cache.invalidateTag(StoreWork.WRITTEN);
		this.hooks.after("refusal", id, (hook) -> hook.onWriteError(id, cause));
	}

	QueuedWrites queuedWrites() {
		return new Queued(this.behind.journal());
	}

	/** What can be seen of queued writes, and done. */
	private final class Queued implements QueuedWrites {

		private final WriteJournal journal;

		Queued(WriteJournal journal) {
			this.journal = journal;
		}

		@Override
		public List<String> queued(int limit) {
			return this.journal.queued(limit);
		}

		@Override
		public List<DeadLetter> dead(int limit) {
			return this.journal.deadLetters(limit);
		}

		@Override
		public boolean retry(String id) {
			try (CacheWrite<ID, EntityState> write = StoreQueue.this.cache.write(Set.of(StoreQueue.this.parts.id(id)),
					Set.of(StoreWork.WRITTEN))) {
				write.awaitFences();
				return this.journal.retry(id);
			}
		}

		@Override
		public boolean drop(String id) {
			return this.journal.drop(id);
		}

	}

}
