package io.strates.snapshot;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * A session: a plan that is asked again and again, and exchanged when it is revalidated.
 */
/*
 * Stages share the lock, since the plan deals with them one by one; revalidation and the
 * end have it to themselves. Revalidation works on a plan of its own, which has taken
 * over all but what is to be replaced, and which becomes the session's when nothing
 * failed.
 */
final class DefaultSession implements SnapshotSession {

	private final Engine engine;

	private final Asker asker;

	private final boolean strict;

	private final RequestRules requests;

	private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

	private final Set<ResourceKey<?>> visible = new LinkedHashSet<>();

	private volatile Plan plan;

	private volatile boolean closed;

	DefaultSession(Engine engine, Asker asker, boolean strict, RequestRules requests) {
		this.engine = engine;
		this.asker = asker;
		this.strict = strict;
		this.requests = requests;
		this.plan = new Plan(engine, asker, Set.of());
	}

	@Override
	public String id() {
		return this.asker.snapshotId();
	}

	@Override
	public Instant createdAt() {
		return SnapshotTime.instant(this.asker.requestedAt());
	}

	@Override
	public Snapshot resolve(Collection<? extends ResourceKey<?>> keys) {
		return resolve(keys, false);
	}

	@Override
	public Snapshot retry(Collection<? extends ResourceKey<?>> keys) {
		return resolve(keys, true);
	}

	@Override
	public Snapshot resolve(SnapshotRequest request) {
		return accepted(request, resolved(request.keys(), false));
	}

	private Snapshot accepted(SnapshotRequest request, Snapshot snapshot) {
		SnapshotIncompleteException violation = this.requests.violation(request, snapshot,
				SnapshotTime.instant(this.engine.now()));
		if (violation != null) {
			throw violation;
		}
		return snapshot;
	}

	private Snapshot resolve(Collection<? extends ResourceKey<?>> keys, boolean again) {
		Set<ResourceKey<?>> distinct = distinct(keys);
		return checked(resolved(distinct, again), distinct);
	}

	private Snapshot resolved(Set<ResourceKey<?>> keys, boolean again) {
		this.lock.readLock().lock();
		try {
			checkOpen();
			await(this.plan.resolve(List.copyOf(keys), again));
			synchronized (this.visible) {
				this.visible.addAll(keys);
			}
			return snapshotOf(this.plan);
		}
		finally {
			this.lock.readLock().unlock();
		}
	}

	/** Waits; the plan goes on when the caller does not. */
	private static <T> T await(CompletableFuture<T> resolved) {
		try {
			return resolved.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SnapshotIncompleteException("Interrupted while resources were resolved", Map.of(), null);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
	}

	/** Resolves with a plan that nobody else needs. */
	static List<Cell> resolve(Plan plan, Set<ResourceKey<?>> keys) {
		try {
			return await(plan.resolve(List.copyOf(keys), false));
		}
		catch (SnapshotIncompleteException ex) {
			plan.giveUp();
			throw ex;
		}
	}

	private static Set<ResourceKey<?>> distinct(Collection<? extends ResourceKey<?>> keys) {
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("A session was asked for no resources; give one key or more");
		}
		return new LinkedHashSet<>(keys);
	}

	private void checkOpen() {
		if (this.closed) {
			throw new SessionClosedException("Session " + id() + " is closed; begin another");
		}
		if (this.engine.isClosed()) {
			throw new IllegalStateException("The builder of session " + id() + " is closed; create another");
		}
	}

	private Snapshot checked(Snapshot snapshot, Set<ResourceKey<?>> keys) {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>(snapshot.errors());
		errors.keySet().retainAll(keys);
		if (this.strict && !errors.isEmpty()) {
			throw new SnapshotIncompleteException(errors, snapshot);
		}
		return snapshot;
	}

	private Snapshot snapshotOf(Plan current) {
		KeyTable<Object> entries = new KeyTable<>(16);
		Map<ResourceKey<?>, Cell> cells = current.done().join();
		synchronized (this.visible) {
			this.visible.forEach((key) -> {
				Cell cell = cells.get(key);
				if (cell != null) {
					entries.put(key, DefaultSnapshotBuilder.entry(cell));
				}
			});
		}
		return DefaultSnapshotBuilder.snapshot(this.engine, this.asker, entries);
	}

	@Override
	public Snapshot revalidate(Collection<? extends ResourceKey<?>> keys) {
		return revalidate(distinct(keys), false, null);
	}

	@Override
	public Snapshot refetch(Collection<? extends ResourceKey<?>> keys) {
		return revalidate(distinct(keys), true, null);
	}

	@Override
	public Snapshot revalidate(SnapshotRequest request, boolean force) {
		return revalidate(request.keys(), force, request);
	}

	private Snapshot revalidate(Set<ResourceKey<?>> distinct, boolean force, @Nullable SnapshotRequest request) {
		this.lock.writeLock().lock();
		try {
			checkOpen();
			Map<ResourceKey<?>, Cell> cells = this.plan.done().join();
			checkResolved((request != null) ? request.required() : distinct, cells);
			Plan before = this.plan;
			this.engine.calls().revalidations().increment();
			try {
				return revalidate(distinct, cells, force, request);
			}
			finally {
				if (this.plan == before) {
					this.engine.calls().failedRevalidations().increment();
				}
			}
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	private Snapshot revalidate(Set<ResourceKey<?>> distinct, Map<ResourceKey<?>, Cell> cells, boolean force,
			@Nullable SnapshotRequest request) {
		Set<ResourceKey<?>> affected = Replacement.affected(distinct, values(cells));
		Plan staged = staged(cells, affected, force);
		Map<ResourceKey<?>, StratesException> errors = resolved(staged, targets(distinct, affected));
		staged.close();
		if (request != null) {
			// What is optional and was not there may be missing further on.
			errors.keySet().removeIf((key) -> !request.isRequired(key) && !isResolved(key, cells));
		}
		if (!errors.isEmpty()) {
			return retained(errors, this.strict || hasRequired(request, errors));
		}
		Snapshot replaced = snapshotOf(staged);
		if (request != null) {
			SnapshotSkewException skew = RequestRules.replaceableSkew(request, replaced);
			if (skew != null) {
				staged = replacing(skew.oldestKey(), staged);
				replaced = snapshotOf(staged);
			}
			accepted(request, replaced);
		}
		this.plan.close();
		this.plan = staged;
		return replaced;
	}

	private static boolean hasRequired(@Nullable SnapshotRequest request, Map<ResourceKey<?>, ?> errors) {
		return request != null && errors.keySet().stream().anyMatch(request::isRequired);
	}

	/** Returns the plan with another value instead of the oldest, or as it is. */
	private Plan replacing(ResourceKey<?> oldest, Plan staged) {
		Map<ResourceKey<?>, Cell> cells = staged.done().join();
		Map<ResourceKey<?>, Taken<?>> replaced = new Replacement(this.engine, this.asker, values(cells))
			.replace(oldest);
		if (replaced == null) {
			return staged;
		}
		Plan other = new Plan(this.engine, this.asker, Set.of());
		cells.values().stream().filter((cell) -> cell.taken() == null).forEach(other::adopt);
		replaced.forEach(other::seed);
		return other;
	}

	static Map<ResourceKey<?>, Taken<?>> values(Map<ResourceKey<?>, Cell> cells) {
		Map<ResourceKey<?>, Taken<?>> values = new LinkedHashMap<>();
		cells.forEach((key, cell) -> {
			Taken<?> taken = cell.taken();
			if (taken != null) {
				values.put(key, taken);
			}
		});
		return values;
	}

	private static boolean isResolved(ResourceKey<?> key, Map<ResourceKey<?>, Cell> cells) {
		Cell cell = cells.get(key);
		return cell != null && cell.taken() != null;
	}

	private void checkResolved(Set<ResourceKey<?>> keys, Map<ResourceKey<?>, Cell> cells) {
		for (ResourceKey<?> key : keys) {
			if (!isResolved(key, cells)) {
				throw new IllegalArgumentException(
						"Session " + id() + " can revalidate what it has already resolved only, and not " + key);
			}
		}
	}

	private Set<ResourceKey<?>> targets(Set<ResourceKey<?>> keys, Set<ResourceKey<?>> affected) {
		Set<ResourceKey<?>> targets = new LinkedHashSet<>(affected);
		synchronized (this.visible) {
			targets.retainAll(this.visible);
		}
		targets.addAll(keys);
		return targets;
	}

	private Plan staged(Map<ResourceKey<?>, Cell> cells, Set<ResourceKey<?>> affected, boolean force) {
		Asker forcing = new Asker(this.asker.snapshotId(), this.asker.requestedAt(), this.asker.deadline(),
				this.asker.metadata(), this.asker.counts(), force, false);
		Plan staged = new Plan(this.engine, forcing, force ? Set.copyOf(affected) : Set.of());
		cells.forEach((key, cell) -> {
			if (!affected.contains(key)) {
				staged.adopt(cell);
			}
		});
		return staged;
	}

	private static Map<ResourceKey<?>, StratesException> resolved(Plan staged, Set<ResourceKey<?>> targets) {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		resolve(staged, targets).forEach((cell) -> {
			StratesException error = cell.error();
			if (error != null) {
				errors.put(cell.key(), error);
			}
		});
		return errors;
	}

	/** The session stays as it is. */
	private Snapshot retained(Map<ResourceKey<?>, StratesException> errors, boolean thrown) {
		Snapshot before = snapshotOf(this.plan);
		if (thrown) {
			throw new SnapshotIncompleteException(errors, before);
		}
		return new RetainedSnapshot(before, errors);
	}

	@Override
	public Snapshot snapshot() {
		this.lock.readLock().lock();
		try {
			return snapshotOf(this.plan);
		}
		finally {
			this.lock.readLock().unlock();
		}
	}

	@Override
	public void close() {
		this.lock.writeLock().lock();
		try {
			this.closed = true;
			this.plan.close();
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

}
