package io.strates.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheInspection;
import io.strates.cache.CacheStatistics;
import io.strates.cache.CoherenceStatistics;
import io.strates.cache.CoherentCache;
import io.strates.internal.Arguments;
import io.strates.internal.TransactionMemory;
import io.strates.store.StoreParts.BehindFactory;
import org.jspecify.annotations.Nullable;

/**
 * A store on coherent caches and a table. Reads, writes and searches have a class each,
 * as have queued writes; this one counts, calls the hooks of reads, and says no when
 * closed.
 */
final class DefaultTieredStore<T, ID> implements TieredStore<T, ID> {

	private final StoreParts<T, ID> parts;

	private final EntityModel<T, ID> model;

	private final StateShape shape;

	private final CoherentCache<ID, EntityState> cache;

	private final Hooks<T> hooks;

	private final StoreCounters counters = new StoreCounters();

	private final @Nullable StoreQueue<T, ID> queue;

	private final StoreReads<T, ID> reads;

	private final StoreWrites<T, ID> writes;

	private final StoreSearches<T, ID> searches;

	private volatile boolean closed;

	DefaultTieredStore(StoreParts<T, ID> parts) {
		this.parts = parts;
		this.model = parts.model();
		this.shape = parts.shape();
		this.cache = parts.cache();
		this.hooks = parts.hooks();
		TransactionMemory<StoreWork<ID>> joined = new TransactionMemory<>(() -> new StoreWork<>(this.cache, false));
		BehindFactory behind = parts.behind();
		this.queue = (behind != null) ? new StoreQueue<>(parts, behind, this.counters) : null;
		this.reads = new StoreReads<>(parts, joined, this.queue);
		this.writes = new StoreWrites<>(parts, this.counters, joined, this.queue);
		this.searches = new StoreSearches<>(parts, this.reads);
	}

	@Override
	public String name() {
		return this.parts.name();
	}

	@Override
	public TieredSettings settings() {
		return this.parts.settings();
	}

	/** Begins to flush by itself. */
	void start() {
		StoreQueue<T, ID> queued = this.queue;
		if (queued != null) {
			queued.start();
		}
	}

	Class<ID> idType() {
		return this.model.idType();
	}

	// reads

	@Override
	public T get(ID id) {
		T found = lookUp(id).value();
		if (found == null) {
			throw new EntityNotFoundException(name(), id);
		}
		return found;
	}

	@Override
	public Optional<T> find(ID id) {
		return Optional.ofNullable(lookUp(id).value());
	}

	@Override
	public CacheAnswer<T> lookUp(ID id) {
		checkId(id);
		return counted(() -> {
			this.counters.gets.increment();
			this.hooks.before("get", id, (hook) -> hook.beforeGet(id));
			CacheAnswer<EntityState> answer = this.reads.one(id);
			EntityState state = answer.value();
			if (state == null) {
				return new CacheAnswer<>(null, answer.origin());
			}
			tellRead(id, state);
			return new CacheAnswer<>(this.model.entity(state), answer.origin());
		});
	}

	private void tellRead(ID id, EntityState state) {
		this.hooks.after("read", id, (hook) -> hook.afterGet(this.model.entity(state)));
	}

	@Override
	public boolean exists(ID id) {
		checkId(id);
		return counted(() -> this.reads.one(id).value() != null);
	}

	@Override
	public Map<ID, T> getAll(Collection<? extends ID> ids) {
		Set<ID> wanted = new LinkedHashSet<>(ids);
		wanted.forEach(this::checkId);
		return counted(() -> {
			this.counters.gets.add(wanted.size());
			wanted.forEach((id) -> this.hooks.before("get", id, (hook) -> hook.beforeGet(id)));
			Map<ID, EntityState> states = this.reads.all(wanted);
			Map<ID, T> entities = new LinkedHashMap<>();
			for (ID id : wanted) {
				EntityState state = states.get(id);
				if (state != null) {
					tellRead(id, state);
					entities.put(id, this.model.entity(state));
				}
			}
			return entities;
		});
	}

	// writes

	@Override
	public void put(T entity) {
		putAll(List.of(entity));
	}

	@Override
	public void putAll(Collection<? extends T> entities) {
		counted(() -> {
			Map<ID, EntityState> states = this.writes.states(entities);
			StoreQueue<T, ID> queued = queueOfWrites();
			if (queued != null) {
				queued.enqueue(states, this.reads::all);
			}
			else if (!states.isEmpty()) {
				this.writes.write((work) -> this.writes.put(work, states));
			}
			return states;
		});
	}

	@Override
	public void delete(ID id) {
		deleteAll(Set.of(Arguments.notNull(id, "id")));
	}

	@Override
	public void deleteAll(Collection<? extends ID> ids) {
		Set<ID> all = new LinkedHashSet<>(ids);
		all.forEach(this::checkId);
		counted(() -> {
			this.writes.askToDelete(all);
			StoreQueue<T, ID> queued = queueOfWrites();
			if (queued != null) {
				Map<ID, @Nullable EntityState> nothing = new LinkedHashMap<>();
				all.forEach((id) -> nothing.put(id, null));
				queued.enqueue(nothing, this.reads::all);
			}
			else if (!all.isEmpty()) {
				this.writes.write((work) -> this.writes.delete(work, all));
			}
			return all;
		});
	}

	@Override
	public <R extends @Nullable Object> R transaction(Function<StoreTransaction<T, ID>, R> work) {
		List<R> result = new ArrayList<>(1);
		counted(() -> {
			this.writes.write((pending) -> result.add(work.apply(new Transaction(pending))));
			return result;
		});
		return result.get(0);
	}

	// queued writes

	/** Returns where writes are queued; inside transactions they are not. */
	private @Nullable StoreQueue<T, ID> queueOfWrites() {
		return this.parts.table().inTransaction() ? null : this.queue;
	}

	@Override
	public Optional<QueuedWrites> queuedWrites() {
		StoreQueue<T, ID> queued = this.queue;
		return (queued != null) ? Optional.of(queued.queuedWrites()) : Optional.empty();
	}

	// searches

	@Override
	public List<T> search(Search<T> search) {
		this.shape.check(search);
		return counted(() -> {
			this.counters.searches.increment();
			return this.searches.search(search);
		});
	}

	@Override
	public List<T> searchCached(Search<T> search) {
		this.shape.check(search);
		String digest = SearchDigest.of(search, this.shape.layout());
		return counted(() -> {
			this.counters.searches.increment();
			return this.searches.searchCached(search, digest);
		});
	}

	@Override
	public long count(Search<T> search) {
		this.shape.check(search);
		return counted(() -> this.searches.count(search));
	}

	@Override
	public long warm(long limit) {
		if (limit < 0) {
			throw new IllegalArgumentException(
					"Store '" + name() + "' is to read " + limit + " entities; pass a number, or 0 for all");
		}
		return counted(() -> this.searches.warm((limit == 0) ? Long.MAX_VALUE : limit, () -> !this.closed));
	}

	// the rest

	@Override
	public void invalidate(ID id) {
		checkId(id);
		checkOpen();
		this.cache.invalidate(Set.of(id));
		this.cache.invalidateTag(StoreWork.WRITTEN);
	}

	@Override
	public void invalidateAll() {
		checkOpen();
		this.cache.invalidateAll();
	}

	@Override
	public void invalidateTag(String attribute, @Nullable Object value) {
		checkOpen();
		this.cache.invalidateTag(this.shape.tagOf(attribute, value));
		this.cache.invalidateTag(StoreWork.WRITTEN);
	}

	@Override
	public CacheInspection inspection() {
		return new StoreInspection<>(this.parts, this::invalidate);
	}

	@Override
	public void flush() {
		checkOpen();
		StoreQueue<T, ID> queued = this.queue;
		if (queued != null) {
			queued.flush();
		}
	}

	@Override
	public StoreStatistics statistics() {
		StoreQueue<T, ID> behind = this.queue;
		WriteJournal.Counts queued = (behind != null) ? behind.counts() : new WriteJournal.Counts(0, 0);
		return new Statistics(name(), this.counters.gets.sum(), this.counters.puts.sum(), this.counters.deletes.sum(),
				this.counters.searches.sum(), this.counters.failures.sum(), queued.pending(), queued.dead(),
				this.cache.statistics(), this.parts.searches().statistics(), this.cache.coherence());
	}

	/** Refuses everything from now on; what is queued is flushed by others. */
	void close() {
		this.closed = true;
	}

	private void checkOpen() {
		if (this.closed) {
			throw new StoreClosedException(name());
		}
	}

	private void checkId(ID id) {
		Object given = Arguments.notNull(id, "id");
		if (!this.model.idType().isInstance(given)) {
			throw new IllegalArgumentException("Ids of store '" + name() + "' are of type "
					+ this.model.idType().getName() + ", not " + given.getClass().getName());
		}
	}

	private <R> R counted(Supplier<R> operation) {
		checkOpen();
		try {
			return operation.get();
		}
		catch (RuntimeException | Error ex) {
			this.counters.failures.increment();
			throw ex;
		}
	}

	/** What is done in a transaction, as part of it. */
	private final class Transaction implements StoreTransaction<T, ID> {

		private final StoreWork<ID> work;

		Transaction(StoreWork<ID> work) {
			this.work = work;
		}

		@Override
		public Optional<T> find(ID id) {
			return DefaultTieredStore.this.find(id);
		}

		@Override
		public StoreTransaction<T, ID> put(T entity) {
			DefaultTieredStore.this.writes.put(this.work, DefaultTieredStore.this.writes.states(List.of(entity)));
			return this;
		}

		@Override
		public StoreTransaction<T, ID> delete(ID id) {
			checkId(id);
			DefaultTieredStore.this.writes.askToDelete(Set.of(id));
			DefaultTieredStore.this.writes.delete(this.work, Set.of(id));
			return this;
		}

	}

	private record Statistics(String name, long gets, long puts, long deletes, long searches, long failures,
			long queuedWrites, long deadWrites, CacheStatistics entities, CacheStatistics cachedSearches,
			CoherenceStatistics coherence) implements StoreStatistics {
	}

}
