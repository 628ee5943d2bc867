package io.strates.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Predicate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The current revision of each resource, in memory.
 */
/*
 * What is written together is read together: a write counts up the lock's stamp, and a
 * read of many keys that was overtaken reads again. All of a read is of one epoch.
 *
 * A derived revision is good for as long as each of its inputs is there and is the
 * revision that it was computed from; nobody has to find the derived ones when an input
 * changes.
 *
 * A revision of a lower rank does not replace one of a higher rank, however new, for as
 * long as that one is fresh. After that, rank means nothing: a source that has fallen
 * silent does not hide others.
 */
class Revisions {

	private final Cache<ResourceKey<?>, Revision<?>> current;

	private final StampedLock lock = new StampedLock();

	private final Function<ResourceKey<?>, Freshness> freshness;

	private final CacheCounts counts = new CacheCounts();

	private final long maximum;

	Revisions(long maximum, Function<ResourceKey<?>, Freshness> freshness) {
		this.freshness = freshness;
		this.maximum = maximum;
		this.current = Caffeine.newBuilder()
			.maximumSize(maximum)
			.executor(Runnable::run)
			.evictionListener((key, revision, cause) -> this.counts.evicted())
			.build();
	}

	/**
	 * What became of a revision that was to be written.
	 *
	 * @param status whether it was kept, and why not
	 * @param current the revision that is there now
	 */
	record Written(Status status, Revision<?> current) {

		/** Why a revision was kept, or not. */
		enum Status {

			STORED, LOWER_AUTHORITY, OLDER, DUPLICATE

		}

	}

	CacheCounts counts() {
		return this.counts;
	}

	BuilderHealth.CacheState state() {
		return this.counts.state(this.current.estimatedSize(), (this.maximum == Long.MAX_VALUE) ? null : this.maximum);
	}

	/**
	 * Reads several keys, all in one epoch.
	 * @param keys the keys
	 * @param from the first of them that is read
	 * @param found takes the revision of each at its position, {@code null} where there
	 * is none that can be used
	 */
	void read(KeyTable<?> keys, int from, @Nullable Revision<?>[] found) {
		long stamp = this.lock.tryOptimisticRead();
		if (stamp != 0) {
			readInto(keys, from, found);
			if (this.lock.validate(stamp)) {
				return;
			}
		}
		stamp = this.lock.readLock();
		try {
			readInto(keys, from, found);
		}
		finally {
			this.lock.unlockRead(stamp);
		}
	}

	private void readInto(KeyTable<?> keys, int from, @Nullable Revision<?>[] found) {
		for (int index = from; index < keys.size(); index++) {
			found[index - from] = valid(keys.key(index));
		}
	}

	/**
	 * Reads what a derived revision was computed from, {@code null} if it is no longer
	 * there.
	 */
	@Nullable Map<ResourceKey<?>, Revision<?>> inputs(Revision<?> derived) {
		Map<ResourceKey<?>, Revision<?>> inputs = new LinkedHashMap<>();
		return collect(derived, inputs) ? inputs : null;
	}

	private boolean collect(Revision<?> derived, Map<ResourceKey<?>, Revision<?>> inputs) {
		for (Map.Entry<ResourceKey<?>, String> input : derived.inputs().entrySet()) {
			Revision<?> revision = this.current.getIfPresent(input.getKey());
			if (revision == null || !revision.id().equals(input.getValue()) || !collect(revision, inputs)) {
				return false;
			}
			inputs.put(input.getKey(), revision);
		}
		return true;
	}

	private @Nullable Revision<?> valid(ResourceKey<?> key) {
		Revision<?> revision = this.current.getIfPresent(key);
		return (revision == null || areCurrent(revision.inputs())) ? revision : null;
	}

	private boolean areCurrent(Map<ResourceKey<?>, String> inputs) {
		if (inputs.isEmpty()) {
			return true;
		}
		for (Map.Entry<ResourceKey<?>, String> input : inputs.entrySet()) {
			Revision<?> revision = valid(input.getKey());
			if (revision == null || !revision.id().equals(input.getValue())) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns the revision of a key, or {@code null} if there is none that can be used.
	 */
	@Nullable Revision<?> current(ResourceKey<?> key) {
		long stamp = this.lock.readLock();
		try {
			return valid(key);
		}
		finally {
			this.lock.unlockRead(stamp);
		}
	}

	/** Gives up a revision that is of no use any more. */
	void expire(Revision<?> revision) {
		if (this.current.asMap().remove(revision.key(), revision)) {
			this.counts.expired(1);
		}
	}

	/**
	 * Gives up all revisions that are too old to be of any use, and returns their keys.
	 */
	List<ResourceKey<?>> prune(long now) {
		List<ResourceKey<?>> gone = remove(this.current.asMap()
			.values()
			.stream()
			.filter((revision) -> !this.freshness.apply(revision.key()).isUsable(revision.age(now)))
			.toList());
		this.counts.expired(gone.size());
		return gone;
	}

	/**
	 * Writes revisions, all of them at once.
	 * @param candidates the revisions
	 * @param now the time
	 * @param force whether they replace whatever is there
	 * @param replaceEqual whether they replace what was observed at the same time
	 * @return what became of each
	 */
	List<Written> write(Collection<? extends Revision<?>> candidates, long now, boolean force, boolean replaceEqual) {
		List<Written> written = new ArrayList<>(candidates.size());
		long stamp = this.lock.writeLock();
		try {
			for (Revision<?> candidate : candidates) {
				written.add(write(candidate, now, force, replaceEqual));
			}
		}
		finally {
			this.lock.unlockWrite(stamp);
		}
		return written;
	}

	private Written write(Revision<?> candidate, long now, boolean force, boolean replaceEqual) {
		// What was derived from inputs that are gone is as good as gone itself.
		Revision<?> stored = valid(candidate.key());
		Written.Status status = (force || stored == null) ? Written.Status.STORED
				: compared(candidate, stored, now, replaceEqual);
		if (status != Written.Status.STORED) {
			return new Written(status, (stored != null) ? stored : candidate);
		}
		this.current.put(candidate.key(), candidate);
		this.counts.written();
		return new Written(status, candidate);
	}

	private Written.Status compared(Revision<?> candidate, Revision<?> stored, long now, boolean replaceEqual) {
		boolean ranked = candidate.authority() != stored.authority()
				&& this.freshness.apply(stored.key()).isFresh(stored.age(now));
		if (ranked) {
			return (candidate.authority() < stored.authority()) ? Written.Status.LOWER_AUTHORITY
					: Written.Status.STORED;
		}
		if (candidate.observedAt() < stored.observedAt()) {
			return Written.Status.OLDER;
		}
		boolean duplicate = candidate.observedAt() == stored.observedAt() && candidate.authority() <= stored.authority()
				&& !replaceEqual;
		return duplicate ? Written.Status.DUPLICATE : Written.Status.STORED;
	}

	/** Forgets revisions, all of them at once, and returns those that were there. */
	List<ResourceKey<?>> invalidate(Collection<? extends ResourceKey<?>> keys) {
		List<ResourceKey<?>> gone = new ArrayList<>();
		long stamp = this.lock.writeLock();
		try {
			for (ResourceKey<?> key : keys) {
				if (this.current.asMap().remove(key) != null) {
					gone.add(key);
				}
			}
		}
		finally {
			this.lock.unlockWrite(stamp);
		}
		this.counts.invalidated(gone.size());
		return gone;
	}

	/** Forgets all revisions of which a condition is true. */
	List<ResourceKey<?>> invalidateIf(Predicate<Revision<?>> condition) {
		return invalidate(
				this.current.asMap().values().stream().filter(condition).<ResourceKey<?>>map(Revision::key).toList());
	}

	/** Removes revisions that have not been replaced meanwhile. */
	private List<ResourceKey<?>> remove(List<? extends Revision<?>> revisions) {
		List<ResourceKey<?>> gone = new ArrayList<>();
		long stamp = this.lock.writeLock();
		try {
			for (Revision<?> revision : revisions) {
				if (this.current.asMap().remove(revision.key(), revision)) {
					gone.add(revision.key());
				}
			}
		}
		finally {
			this.lock.unlockWrite(stamp);
		}
		return gone;
	}

}
