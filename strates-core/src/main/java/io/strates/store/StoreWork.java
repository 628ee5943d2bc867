package io.strates.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;

/**
 * What one transaction writes through one store, and what becomes of it in the caches.
 */
/*
 * Each key is fenced once, before its first statement. All fences are awaited before the
 * commit. What was written is published only if the transaction is one of the store's
 * own: nobody knows what else a transaction of the caller has done to the rows. If it was
 * about to be committed and is not known to be, fences stay until they fall. Of a
 * transaction of the store's own it is the failure that tells, which comes later.
 */
final class StoreWork<ID> implements TransactionSynchronization {

	/** What every write of a type carries. */
	static final String WRITTEN = "written";

	private final CoherentCache<ID, EntityState> cache;

	private final List<CacheWrite<ID, EntityState>> writes = new ArrayList<>();

	private final Set<ID> fenced = new HashSet<>();

	private final Map<ID, @Nullable EntityState> values = new LinkedHashMap<>();

	private final List<Runnable> afterCommit = new ArrayList<>();

	private final boolean own;

	private boolean committing;

	private boolean committed;

	private boolean undecided;

	StoreWork(CoherentCache<ID, EntityState> cache, boolean own) {
		this.cache = cache;
		this.own = own;
	}

	/** Whether the transaction has written anything. */
	boolean hasWritten() {
		return !this.fenced.isEmpty();
	}

	void fence(Collection<ID> ids) {
		Set<ID> added = unfenced(ids);
		// Until it is known what was written.
		ids.forEach(this.values::remove);
		if (!added.isEmpty()) {
			this.writes.add(this.cache.write(added, Set.of(WRITTEN)));
			this.fenced.addAll(added);
		}
	}

	/** Which of the ids are not fenced yet. */
	Set<ID> unfenced(Collection<ID> ids) {
		Set<ID> added = new LinkedHashSet<>(ids);
		added.removeAll(this.fenced);
		return added;
	}

	/** Says that rows change which caches hold as they will be. */
	void fenceSearches() {
		this.writes.add(this.cache.write(Set.of(), Set.of(WRITTEN)));
	}

	void written(ID id, @Nullable EntityState state) {
		this.values.put(id, state);
	}

	void afterCommit(Runnable task) {
		this.afterCommit.add(task);
	}

	boolean committing() {
		return this.committing;
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		awaitFences();
	}

	/** Once more for what others have written in their beforeCommit. */
	@Override
	public void beforeCompletion() {
		if (this.committing) {
			awaitFences();
		}
	}

	void awaitFences() {
		this.committing = true;
		this.writes.forEach(CacheWrite::awaitFences);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		this.values.clear();
	}

	@Override
	public void afterCompletion(int status) {
		if (status == STATUS_COMMITTED) {
			this.committed = true;
			this.writes.forEach((write) -> write.committed(this.own ? this.values : Map.of()));
		}
		else if (this.committing || status == STATUS_UNKNOWN) {
			if (this.own) {
				this.undecided = true;
				return;
			}
			this.writes.forEach(CacheWrite::outcomeUnknown);
		}
		this.writes.forEach(CacheWrite::close);
		if (!this.own) {
			runAfterCommit();
		}
	}

	/**
	 * Called when a transaction of the store's own has ended with a failure.
	 * @param nothingHappened whether the database has said so
	 */
	void failed(boolean nothingHappened) {
		if (!this.undecided) {
			return;
		}
		this.undecided = false;
		if (!nothingHappened) {
			this.writes.forEach(CacheWrite::outcomeUnknown);
		}
		this.writes.forEach(CacheWrite::close);
	}

	void runAfterCommit() {
		if (this.committed) {
			this.afterCommit.forEach(Runnable::run);
		}
	}

}
