package io.strates.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheStatistics;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherenceStatistics;
import io.strates.cache.CoherentCache;
import io.strates.cache.LoadFailedException;
import io.strates.cache.TierUnavailableException;
import io.strates.internal.Arguments;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/*
 * One class, since each operation goes the same way through the same parts: hooks, the
 * state of the entity, the caches, the table.
 *
 * Where a read goes depends on the transaction of its thread. Without one, or in one that
 * reads what is committed and writes nothing, the caches load and keep. In any other, what
 * the caches have is good, and what has to be loaded is not kept: the transaction may see
 * an older state than others do, or one that is never committed. After a write through
 * this store, its transaction reads the database only.
 */
/**
 * A store on coherent caches and a table.
 */
final class DefaultTieredStore<T, ID> implements TieredStore<T, ID>, AutoCloseable {

	private static final int PAGE = 1_000;

	private final TieredSettings settings;

	private final EntityTable<T, ID> table;

	private final EntityModel<T, ID> model;

	private final StateShape shape;

	private final CoherentCache<ID, EntityState> cache;

	private final CoherentCache<SearchKey, List<EntityState>> searches;

	private final TransactionOperations transactions;

	private final Hooks<T> hooks;

	private final @Nullable StateCodec checked;

	private final @Nullable BehindParts behind;

	private final StoreCounters counters = new StoreCounters();

	private final TransactionMemory<StoreWork<ID>> joined;

	private volatile boolean closed;

	/**
	 * Names a cached search.
	 *
	 * @param token the state of the type when it was run
	 * @param digest what was searched for
	 */
	record SearchKey(String token, String digest) {
	}

	/**
	 * What a store is made of.
	 *
	 * @param settings how it is to be
	 * @param table the database under it
	 * @param shape what it knows of its states
	 * @param cache the tiers of its entities
	 * @param searches the tiers of its cached searches
	 * @param transactions runs transactions of its own
	 * @param hooks what is called around what it does
	 * @param checked what states are encoded with before they are written, or
	 * {@code null} if that cannot fail
	 * @param behind makes what queues writes, or {@code null} if nothing does
	 */
	record Parts<T, ID>(TieredSettings settings, EntityTable<T, ID> table, StateShape shape,
			CoherentCache<ID, EntityState> cache, CoherentCache<SearchKey, List<EntityState>> searches,
			TransactionOperations transactions, Hooks<T> hooks, @Nullable StateCodec checked,
			@Nullable BehindFactory behind) {
	}

	/** Makes what queues the writes of a store. */
	@FunctionalInterface
	interface BehindFactory {

		BehindParts make(BatchTarget target, WriteBehindListener listener);

	}

	/**
	 * What queues the writes of a store.
	 *
	 * @param queue where they go
	 * @param journal where they are
	 * @param codec encodes them
	 * @param start lets them be flushed
	 */
	record BehindParts(WriteQueue queue, WriteJournal journal, StateCodec codec, Runnable start) {
	}

	DefaultTieredStore(Parts<T, ID> parts) {
		this.settings = parts.settings;
		this.table = parts.table;
		this.model = parts.table.model();
		this.shape = parts.shape;
		this.cache = parts.cache;
		this.searches = parts.searches;
		this.transactions = parts.transactions;
		this.hooks = parts.hooks;
		this.checked = parts.checked;
		this.joined = new TransactionMemory<>(() -> new StoreWork<>(this.cache, false));
		this.behind = (parts.behind != null) ? parts.behind.make(this::applyQueued, this::gaveUp) : null;
	}

	@Override
	public String name() {
		return this.settings.name();
	}

	@Override
	public TieredSettings settings() {
		return this.settings;
	}

	/** Begins to flush by itself. */
	void start() {
		BehindParts queues = this.behind;
		if (queues != null) {
			queues.start.run();
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
			CacheAnswer<EntityState> answer = read(id);
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
		return counted(() -> read(id).value() != null);
	}

	private CacheAnswer<EntityState> read(ID id) {
		if (loadsAreKept()) {
			return loading(() -> this.cache.lookUp(id, this::load));
		}
		if (!hasWritten()) {
			CacheAnswer<EntityState> cached = this.cache.lookUpIfCached(id);
			if (cached != null) {
				return cached;
			}
		}
		return new CacheAnswer<>(load(Set.of(id)).get(id), Origin.L3);
	}

	@Override
	public Map<ID, T> getAll(Collection<? extends ID> ids) {
		Set<ID> wanted = new LinkedHashSet<>(ids);
		wanted.forEach(this::checkId);
		return counted(() -> {
			this.counters.gets.add(wanted.size());
			wanted.forEach((id) -> this.hooks.before("get", id, (hook) -> hook.beforeGet(id)));
			Map<ID, EntityState> states = readAll(wanted);
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

	private Map<ID, EntityState> readAll(Set<ID> ids) {
		if (ids.isEmpty()) {
			return Map.of();
		}
		if (loadsAreKept()) {
			return loading(() -> this.cache.getAll(ids, this::load));
		}
		Map<ID, EntityState> states = new LinkedHashMap<>();
		Set<ID> missing = new LinkedHashSet<>(ids);
		if (!hasWritten()) {
			for (ID id : ids) {
				CacheAnswer<EntityState> cached = this.cache.lookUpIfCached(id);
				if (cached != null) {
					missing.remove(id);
					if (cached.value() != null) {
						states.put(id, cached.value());
					}
				}
			}
		}
		if (!missing.isEmpty()) {
			states.putAll(load(missing));
		}
		return states;
	}

	/** Reads the database, as caches may hold it. */
	private Map<ID, EntityState> load(Set<ID> ids) {
		try {
			Map<ID, EntityState> states = new LinkedHashMap<>();
			Set<ID> missing = queued(ids, states);
			if (!missing.isEmpty()) {
				this.table.load(missing)
					.forEach((id, state) -> states.put(id, this.shape.cached(this.shape.decrypted(state))));
			}
			return states;
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(name(), ex);
		}
	}

	/** Takes what is queued, and returns the ids of which nothing is. */
	private Set<ID> queued(Set<ID> ids, Map<ID, EntityState> states) {
		BehindParts queues = this.behind;
		if (queues == null) {
			return ids;
		}
		Set<ID> missing = new LinkedHashSet<>(ids);
		queues.queue.pending(texts(ids)).forEach((text, write) -> {
			ID id = this.model.id(text);
			missing.remove(id);
			byte[] state = write.state();
			if (state != null) {
				states.put(id, queues.codec.fromQueue(text, state));
			}
		});
		return missing;
	}

	private List<String> texts(Collection<ID> ids) {
		return ids.stream().map(this.model::idText).toList();
	}

	/** Says what the load of another thread has met. */
	private <R> R loading(Supplier<R> read) {
		try {
			return read.get();
		}
		catch (LoadFailedException ex) {
			if (ex.getCause() instanceof DecodeFailedException decode) {
				throw new DecodeFailedException(String.valueOf(decode.getMessage()), ex);
			}
			throw new StoreUnavailableException(
					"Store '" + name() + "' waited for a load that failed; see the cause, and ask again", ex);
		}
	}

	private boolean loadsAreKept() {
		return !this.table.inTransaction() || (!hasWritten() && this.table.readsNewest());
	}

	private boolean hasWritten() {
		StoreWork<ID> work = this.joined.find();
		return work != null && work.hasWritten();
	}

	// writes

	@Override
	public void put(T entity) {
		putAll(List.of(entity));
	}

	@Override
	public void putAll(Collection<? extends T> entities) {
		counted(() -> {
			Map<ID, EntityState> states = states(entities);
			if (isQueued()) {
				enqueue(states);
			}
			else if (!states.isEmpty()) {
				write((work) -> put(work, states));
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
			all.forEach((id) -> this.hooks.before("delete", id, (hook) -> hook.beforeDelete(id)));
			if (isQueued()) {
				Map<ID, @Nullable EntityState> nothing = new LinkedHashMap<>();
				all.forEach((id) -> nothing.put(id, null));
				enqueue(nothing);
			}
			else if (!all.isEmpty()) {
				write((work) -> delete(work, all));
			}
			return all;
		});
	}

	/** Takes entities apart, and lets hooks refuse or complete them. */
	private Map<ID, EntityState> states(Collection<? extends T> entities) {
		Map<ID, EntityState> states = new LinkedHashMap<>();
		for (T entity : entities) {
			EntityState state = this.model.state(Arguments.notNull(entity, "entity"));
			ID id = idOf(state);
			if (!this.hooks.isEmpty()) {
				state = completed(id, state);
			}
			if (states.put(id, this.table.stamped(state)) != null) {
				throw new IllegalArgumentException(
						"Store '" + name() + "' is to write " + id + " twice at once; nobody can tell which is meant");
			}
		}
		StateCodec codec = this.checked;
		if (codec != null) {
			states.forEach((id, state) -> check(codec, id, state));
		}
		return states;
	}

	private EntityState completed(ID id, EntityState state) {
		T copy = this.model.entity(state);
		this.hooks.before("put", id, (hook) -> hook.beforePut(copy));
		EntityState completed = this.model.state(copy);
		if (!id.equals(this.model.idOf(completed))) {
			throw new IllegalArgumentException("A hook has changed the id of " + name() + " " + id + "; it must not");
		}
		return completed;
	}

	private ID idOf(EntityState state) {
		ID id = this.model.idOf(state);
		if (id == null || id.equals("")) {
			throw new IllegalArgumentException("A " + this.model.type().getSimpleName()
					+ " has no id; assign one before it is written to store '" + name() + "'");
		}
		return id;
	}

	private void check(StateCodec codec, ID id, EntityState state) {
		try {
			codec.encode(this.shape.cached(state));
		}
		catch (IllegalArgumentException ex) {
			throw new EncodeFailedException(
					"Entity " + id + " of store '" + name() + "' cannot be encoded; nothing was written", ex);
		}
	}

	private void put(StoreWork<ID> work, Map<ID, EntityState> states) {
		Map<ID, EntityState> ordered = inOrder(states);
		fence(work, ordered.keySet());
		List<EntityState> rows = ordered.values().stream().map(this.shape::encrypted).toList();
		for (EntityState row : this.table.upsert(rows)) {
			EntityState after = this.shape.decrypted(row);
			work.written(idOf(after), this.shape.cached(after));
			if (!this.hooks.isEmpty()) {
				work.afterCommit(
						() -> this.hooks.after("put", idOf(after), (hook) -> hook.afterPut(this.model.entity(after))));
			}
		}
		work.afterCommit(() -> this.counters.puts.add(states.size()));
	}

	private void fence(StoreWork<ID> work, Set<ID> ids) {
		Set<ID> first = work.unfenced(ids);
		work.fence(ids);
		BehindParts queues = this.behind;
		if (queues != null && !first.isEmpty()) {
			queues.queue.settle(texts(first));
		}
	}

	/** Two writers that take the same rows in the same order do not lock each other. */
	private Map<ID, EntityState> inOrder(Map<ID, EntityState> states) {
		List<ID> ids = new ArrayList<>(states.keySet());
		ids.sort((one, other) -> this.model.idText(one).compareTo(this.model.idText(other)));
		Map<ID, EntityState> ordered = new LinkedHashMap<>();
		ids.forEach((id) -> ordered.put(id, states.get(id)));
		return ordered;
	}

	private void delete(StoreWork<ID> work, Set<ID> ids) {
		fence(work, ids);
		this.table.delete(ids);
		ids.forEach((id) -> {
			work.written(id, null);
			work.afterCommit(() -> this.hooks.after("delete", id, (hook) -> hook.afterDelete(id)));
		});
		work.afterCommit(() -> this.counters.deletes.add(ids.size()));
	}

	@Override
	public <R extends @Nullable Object> R transaction(Function<StoreTransaction<T, ID>, R> work) {
		List<R> result = new ArrayList<>(1);
		counted(() -> {
			write((pending) -> result.add(work.apply(new Transaction(pending))));
			return result;
		});
		return result.get(0);
	}

	/** Writes in the transaction of the caller, or in one of its own. */
	private void write(Consumer<StoreWork<ID>> writes) {
		if (this.table.inTransaction()) {
			try {
				writes.accept(join());
			}
			catch (RuntimeException ex) {
				throw translated(false, ex);
			}
			return;
		}
		List<StoreWork<ID>> own = new ArrayList<>(1);
		try {
			this.transactions.executeWithoutResult((status) -> {
				StoreWork<ID> work = new StoreWork<>(this.cache, true);
				own.add(work);
				this.joined.remember(work);
				TransactionSynchronizationManager.registerSynchronization(work);
				writes.accept(work);
			});
		}
		catch (RuntimeException ex) {
			throw translated(!own.isEmpty() && own.get(0).committing(), ex);
		}
		own.get(0).runAfterCommit();
	}

	private StoreWork<ID> join() {
		StoreWork<ID> work = this.joined.find();
		if (work == null) {
			work = new StoreWork<>(this.cache, false);
			this.joined.remember(work);
			TransactionSynchronizationManager.registerSynchronization(work);
		}
		return work;
	}

	private RuntimeException translated(boolean committing, RuntimeException failure) {
		boolean known = failure instanceof StoreException || failure instanceof IllegalArgumentException;
		return known ? failure : StoreFailures.ofWrite(name(), committing, failure);
	}

	// queued writes

	/** Whether writes are queued; inside transactions they are not. */
	private boolean isQueued() {
		return this.behind != null && !this.table.inTransaction();
	}

	private void enqueue(Map<ID, ? extends @Nullable EntityState> states) {
		BehindParts queues = this.behind;
		if (queues == null || states.isEmpty()) {
			return;
		}
		Map<ID, @Nullable EntityState> values = new LinkedHashMap<>(states);
		if (this.shape.hasWrittenOnce()) {
			readAll(new LinkedHashSet<>(values.keySet())).forEach((id, before) -> {
				EntityState written = values.get(id);
				if (written != null) {
					values.put(id, this.shape.over(before, written));
				}
			});
		}
		List<QueuedWrite> writes = new ArrayList<>();
		values.forEach((id, state) -> writes
			.add(new QueuedWrite(this.model.idText(id), (state != null) ? queues.codec.queued(state) : null)));
		try (CacheWrite<ID, EntityState> write = this.cache.write(values.keySet(), Set.of(StoreWork.WRITTEN))) {
			write.awaitFences();
			try {
				queues.queue.enqueue(writes);
			}
			catch (RuntimeException ex) {
				// More writes than fit into one call may be queued in part.
				write.outcomeUnknown();
				throw ex;
			}
			write.committed(values);
		}
		finally {
			values.values().forEach(DefaultTieredStore::forgetEncoded);
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
	private void applyQueued(List<QueuedWrite> writes) {
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
				applyQueuedPuts(work, run);
			}
			from = to;
		}
	}

	private void applyQueuedPuts(StoreWork<ID> work, List<QueuedWrite> run) {
		StateCodec codec = Objects.requireNonNull(this.behind).codec;
		List<EntityState> states = new ArrayList<>();
		for (QueuedWrite write : run) {
			states.add(codec.fromQueue(write.id(), Objects.requireNonNull(write.state())));
		}
		List<EntityState> after = this.table.upsert(states.stream().map(this.shape::encrypted).toList());
		Set<ID> changed = new LinkedHashSet<>();
		for (int index = 0; index < states.size(); index++) {
			if (!this.shape.decrypted(after.get(index)).equals(states.get(index))) {
				changed.add(idOf(states.get(index)));
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

	@Override
	public Optional<QueuedWrites> queuedWrites() {
		BehindParts queues = this.behind;
		return (queues != null) ? Optional.of(new Queued(queues.journal)) : Optional.empty();
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
			try (CacheWrite<ID, EntityState> write = DefaultTieredStore.this.cache
				.write(Set.of(DefaultTieredStore.this.model.id(id)), Set.of(StoreWork.WRITTEN))) {
				write.awaitFences();
				return this.journal.retry(id);
			}
		}

		@Override
		public boolean drop(String id) {
			return this.journal.drop(id);
		}

	}

	// searches

	@Override
	public List<T> search(Search<T> search) {
		this.shape.check(search);
		return counted(() -> {
			this.counters.searches.increment();
			boolean kept = this.behind == null && loadsAreKept();
			return entities(run(search, kept ? this.cache.tagToken(StoreWork.WRITTEN) : null));
		});
	}

	@Override
	public List<T> searchCached(Search<T> search) {
		this.shape.check(search);
		String digest = SearchDigest.of(search, this.shape.layout());
		return counted(() -> {
			this.counters.searches.increment();
			String token = loadsAreKept() ? this.cache.tagToken(StoreWork.WRITTEN) : null;
			if (token == null) {
				return entities(cached(run(search, null)));
			}
			SearchKey key = new SearchKey(token, digest);
			List<EntityState> found = loading(
					() -> this.searches.get(key, (keys) -> Map.of(key, cached(run(search, token)))));
			return entities((found != null) ? found : List.of());
		});
	}

	private List<EntityState> cached(List<EntityState> states) {
		return states.stream().map(this.shape::cached).toList();
	}

	private List<T> entities(List<EntityState> states) {
		return states.stream().map(this.model::entity).toList();
	}

	/** Runs a search, and offers what it finds to the caches. */
	private List<EntityState> run(Search<T> search, @Nullable String token) {
		List<EntityState> found;
		try {
			found = this.table.search(search).stream().map(this.shape::decrypted).toList();
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(name(), ex);
		}
		if (!search.wantedFields().isEmpty()) {
			return found.stream().map((state) -> this.shape.only(state, search.wantedFields())).toList();
		}
		if (token != null && this.behind == null) {
			offer(found, token);
		}
		return found;
	}

	private void offer(List<EntityState> states, String token) {
		Map<ID, EntityState> values = new LinkedHashMap<>();
		states.forEach((state) -> values.put(idOf(state), this.shape.cached(state)));
		if (!values.isEmpty()) {
			this.cache.offer(values, StoreWork.WRITTEN, token);
		}
	}

	@Override
	public long count(Search<T> search) {
		this.shape.check(search);
		return counted(() -> {
			try {
				return this.table.count(search);
			}
			catch (RuntimeException ex) {
				throw StoreFailures.ofRead(name(), ex);
			}
		});
	}

	@Override
	public long warm(long limit) {
		if (limit < 0) {
			throw new IllegalArgumentException(
					"Store '" + name() + "' is to read " + limit + " entities; pass a number, or 0 for all");
		}
		return counted(() -> {
			AtomicLong read = new AtomicLong();
			Tokens tokens = new Tokens();
			try {
				this.table.scan((limit == 0) ? Long.MAX_VALUE : limit, PAGE, tokens::take, (page) -> {
					read.addAndGet(page.size());
					List<EntityState> states = page.stream().map(this.shape::decrypted).toList();
					if (this.behind != null) {
						// What is queued is newer than what was read.
						readAll(new LinkedHashSet<>(states.stream().map(this::idOf).toList()));
					}
					else if (tokens.last != null && loadsAreKept()) {
						offer(states, tokens.last);
					}
					return !this.closed;
				});
			}
			catch (RuntimeException ex) {
				throw StoreFailures.ofRead(name(), ex);
			}
			return read.get();
		});
	}

	/** The state of the type before each page is read. */
	private final class Tokens {

		private @Nullable String last;

		void take() {
			this.last = DefaultTieredStore.this.cache.tagToken(StoreWork.WRITTEN);
		}

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
	public void flush() {
		checkOpen();
		BehindParts queues = this.behind;
		if (queues != null) {
			queues.queue.flush();
		}
	}

	@Override
	public StoreStatistics statistics() {
		WriteJournal.Counts queued = counts();
		return new Statistics(name(), this.counters.gets.sum(), this.counters.puts.sum(), this.counters.deletes.sum(),
				this.counters.searches.sum(), this.counters.failures.sum(), queued.pending(), queued.dead(),
				this.cache.statistics(), this.searches.statistics(), this.cache.coherence());
	}

	private WriteJournal.Counts counts() {
		BehindParts queues = this.behind;
		if (queues == null) {
			return new WriteJournal.Counts(0, 0);
		}
		try {
			return queues.queue.counts();
		}
		catch (TierUnavailableException ex) {
			return new WriteJournal.Counts(-1, -1);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		BehindParts queues = this.behind;
		if (queues != null) {
			queues.queue.close();
		}
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
			DefaultTieredStore.this.put(this.work, states(List.of(entity)));
			return this;
		}

		@Override
		public StoreTransaction<T, ID> delete(ID id) {
			checkId(id);
			DefaultTieredStore.this.hooks.before("delete", id, (hook) -> hook.beforeDelete(id));
			DefaultTieredStore.this.delete(this.work, Set.of(id));
			return this;
		}

	}

	private record Statistics(String name, long gets, long puts, long deletes, long searches, long failures,
			long queuedWrites, long deadWrites, CacheStatistics entities, CacheStatistics cachedSearches,
			CoherenceStatistics coherence) implements StoreStatistics {
	}

}
