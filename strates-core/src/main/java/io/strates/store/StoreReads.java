package io.strates.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheAnswer;
import io.strates.cache.CoherentCache;
import io.strates.cache.LoadFailedException;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of a store: from its caches, its queue, and its table.
 */
/*
 * Where a read goes depends on the transaction of its thread. Without one, or in one that
 * reads what is committed and writes nothing, the caches load and keep. In any other,
 * what the caches have is good, and what has to be loaded is not kept: the transaction
 * may see an older state than others do, or one that is never committed. After a write
 * through this store, its transaction reads the database only.
 */
final class StoreReads<T, ID> {

	private final StoreParts<T, ID> parts;

	private final CoherentCache<ID, EntityState> cache;

	private final EntityTable<T, ID> table;

	private final StateShape shape;

	private final TransactionMemory<StoreWork<ID>> joined;

	private final @Nullable StoreQueue<T, ID> queue;

	StoreReads(StoreParts<T, ID> parts, TransactionMemory<StoreWork<ID>> joined, @Nullable StoreQueue<T, ID> queue) {
		this.parts = parts;
		this.cache = parts.cache();
		this.table = parts.table();
		this.shape = parts.shape();
		this.joined = joined;
		this.queue = queue;
	}

	CacheAnswer<EntityState> one(ID id) {
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

	Map<ID, EntityState> all(Set<ID> ids) {
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

	/** Reads the queue, or else the database, as caches may hold it. */
	private Map<ID, EntityState> load(Set<ID> ids) {
		try {
			Map<ID, EntityState> states = new LinkedHashMap<>();
			StoreQueue<T, ID> queued = this.queue;
			Set<ID> missing = (queued != null) ? queued.take(ids, states) : ids;
			if (!missing.isEmpty()) {
				this.table.load(missing)
					.forEach((id, state) -> states.put(id, this.shape.cached(this.shape.decrypted(state))));
			}
			return states;
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(this.parts.name(), ex);
		}
	}

	/** Says what the load of another thread has met. */
	<R> R loading(Supplier<R> read) {
		try {
			return read.get();
		}
		catch (LoadFailedException ex) {
			if (ex.getCause() instanceof DecodeFailedException decode) {
				throw new DecodeFailedException(String.valueOf(decode.getMessage()), ex);
			}
			throw new StoreUnavailableException(
					"Store '" + this.parts.name() + "' waited for a load that failed; see the cause, and ask again",
					ex);
		}
	}

	boolean loadsAreKept() {
		return !this.table.inTransaction() || (!hasWritten() && this.table.readsNewest());
	}

	private boolean hasWritten() {
		StoreWork<ID> work = this.joined.find();
		return work != null && work.hasWritten();
	}

}
