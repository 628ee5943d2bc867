package io.strates.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.strates.internal.Arguments;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes the states of a store through its table, in the transaction of the caller or in
 * one of its own.
 */
final class StoreWrites<T, ID> {

	private final StoreParts<T, ID> parts;

	private final EntityModel<T, ID> model;

	private final EntityTable<T, ID> table;

	private final StateShape shape;

	private final Hooks<T> hooks;

	private final StoreCounters counters;

	private final TransactionMemory<StoreWork<ID>> joined;

	private final @Nullable StoreQueue<T, ID> queue;

	StoreWrites(StoreParts<T, ID> parts, StoreCounters counters, TransactionMemory<StoreWork<ID>> joined,
			@Nullable StoreQueue<T, ID> queue) {
		this.parts = parts;
		this.model = parts.model();
		this.table = parts.table();
		this.shape = parts.shape();
		this.hooks = parts.hooks();
		this.counters = counters;
		this.joined = joined;
		this.queue = queue;
	}

	/** Takes entities apart, and lets hooks refuse or complete them. */
	Map<ID, EntityState> states(Collection<? extends T> entities) {
		Map<ID, EntityState> states = new LinkedHashMap<>();
		for (T entity : entities) {
			EntityState state = this.model.state(Arguments.notNull(entity, "entity"));
			ID id = this.parts.idOf(state);
			if (!this.hooks.isEmpty()) {
				state = completed(id, state);
			}
			if (states.put(id, this.table.stamped(state)) != null) {
				throw new IllegalArgumentException("Store '" + this.parts.name() + "' is to write " + id
						+ " twice at once; nobody can tell which is meant");
			}
		}
		StateCodec codec = this.parts.checked();
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
			throw new IllegalArgumentException(
					"A hook has changed the id of " + this.parts.name() + " " + id + "; it must not");
		}
		return completed;
	}

	private void check(StateCodec codec, ID id, EntityState state) {
		try {
			codec.encode(this.shape.cached(state));
		}
		catch (IllegalArgumentException ex) {
			throw new EncodeFailedException("Entity " + id + " of store '" + this.parts.name()
					+ "' cannot be encoded; nothing was written, see the cause", ex);
		}
	}

	void put(StoreWork<ID> work, Map<ID, EntityState> states) {
		Map<ID, EntityState> ordered = inOrder(states);
		fence(work, ordered.keySet());
		List<EntityState> rows = ordered.values().stream().map(this.shape::encrypted).toList();
		for (EntityState row : this.table.upsert(rows)) {
			EntityState after = this.shape.decrypted(row);
			work.written(this.parts.idOf(after), this.shape.cached(after));
			if (!this.hooks.isEmpty()) {
				work.afterCommit(() -> this.hooks.after("put", this.parts.idOf(after),
						(hook) -> hook.afterPut(this.model.entity(after))));
			}
		}
		work.afterCommit(() -> this.counters.puts.add(states.size()));
	}

	private void fence(StoreWork<ID> work, Set<ID> ids) {
		Set<ID> first = work.unfenced(ids);
		work.fence(ids);
		StoreQueue<T, ID> queued = this.queue;
		if (queued != null && !first.isEmpty()) {
			queued.settle(first);
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

	/** Lets hooks refuse to delete. */
	void askToDelete(Set<ID> ids) {
		ids.forEach((id) -> this.hooks.before("delete", id, (hook) -> hook.beforeDelete(id)));
	}

	void delete(StoreWork<ID> work, Set<ID> ids) {
		fence(work, ids);
		this.table.delete(ids);
		ids.forEach((id) -> {
			work.written(id, null);
			work.afterCommit(() -> this.hooks.after("delete", id, (hook) -> hook.afterDelete(id)));
		});
		work.afterCommit(() -> this.counters.deletes.add(ids.size()));
	}

	/** Writes in the transaction of the caller, or in one of its own. */
	void write(Consumer<StoreWork<ID>> writes) {
		if (this.table.inTransaction()) {
			try {
				writes.accept(join());
			}
			catch (RuntimeException ex) {
				throw translated(false, ex);
			}
			return;
		}
		StoreWork<ID> own = new StoreWork<>(this.parts.cache(), true);
		try {
			this.parts.transactions().executeWithoutResult((status) -> {
				this.joined.remember(own);
				TransactionSynchronizationManager.registerSynchronization(own);
				writes.accept(own);
			});
		}
		catch (RuntimeException ex) {
			own.failed(StoreFailures.isDefinite(ex));
			throw translated(own.committing(), ex);
		}
		finally {
			own.failed(false);
		}
		own.runAfterCommit();
	}

	private StoreWork<ID> join() {
		StoreWork<ID> work = this.joined.find();
		if (work == null) {
			work = new StoreWork<>(this.parts.cache(), false);
			this.joined.remember(work);
			TransactionSynchronizationManager.registerSynchronization(work);
		}
		return work;
	}

	private RuntimeException translated(boolean committing, RuntimeException failure) {
		boolean known = failure instanceof StoreException || failure instanceof IllegalArgumentException;
		return known ? failure : StoreFailures.ofWrite(this.parts.name(), committing, failure);
	}

}
