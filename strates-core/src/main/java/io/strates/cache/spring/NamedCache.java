package io.strates.cache.spring;

import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import io.strates.cache.LoadFailedException;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What all uses of a cache of one name share.
 */
final class NamedCache {

	private final String name;

	private final CoherentCache<String, Held> tiers;

	private final ValueTypes types;

	private final boolean absentApart;

	private final Shared shared;

	private final Map<String, CompletableFuture<Landing>> flights = new ConcurrentHashMap<>();

	/**
	 * Creates a cache.
	 * @param name its name
	 * @param tiers where its values are
	 * @param types what its values are
	 * @param absentApart whether that there is no value has a time to live of its own
	 * @param shared what it shares with the other caches
	 */
	NamedCache(String name, CoherentCache<String, Held> tiers, ValueTypes types, boolean absentApart, Shared shared) {
		this.name = name;
		this.tiers = tiers;
		this.types = types;
		this.absentApart = absentApart;
		this.shared = shared;
	}

	/**
	 * What the caches of one manager share.
	 *
	 * @param rights the rights that have not been used, which end in time
	 * @param work what the transaction of a thread does to caches
	 * @param executor waits for the second tier in place of callers that must not
	 * @param defaultIsolation the isolation of transactions that say nothing of it
	 */
	record Shared(Cache<FillRight, Boolean> rights, TransactionMemory<CommitWork> work, Executor executor,
			int defaultIsolation) {
	}

	/** What a load brought, and whether it may be given to those who came later. */
	private record Landing(Held value, boolean current) {
	}

	/** When a value may be kept that is computed now. */
	private enum Keeping {

		NOW, AFTER_COMMIT, NEVER

	}

	/** Carries what a method throws through the engine. */
	private static final class CallFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		CallFailure(Throwable cause) {
			super(cause);
		}

		Throwable thrown() {
			Throwable cause = getCause();
			return (cause != null) ? cause : this;
		}

	}

	/** The failure of a method that was called to load a value. */
	static final class MethodFailedException extends Exception {

		private static final long serialVersionUID = 1L;

		MethodFailedException(Throwable cause) {
			super(cause);
		}

	}

	String name() {
		return this.name;
	}

	CoherentCache<String, Held> tiers() {
		return this.tiers;
	}

	Executor executor() {
		return this.shared.executor();
	}

	String text(Object key) {
		return KeyText.of(this.name, key);
	}

	Held held(@Nullable Object value) {
		return this.types.held(value);
	}

	/*
	 * A transaction may see an older state than the one that is committed when the method
	 * is called: every level above READ COMMITTED does. It may see a state that will
	 * never be committed: its own changes, or at the level below those of others.
	 */
	private Keeping keeping() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return Keeping.NOW;
		}
		Integer declared = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		int isolation = (declared != null) ? declared : this.shared.defaultIsolation();
		if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
			return Keeping.NEVER;
		}
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			return Keeping.NOW;
		}
		return TransactionSynchronizationManager.isSynchronizationActive() ? Keeping.AFTER_COMMIT : Keeping.NEVER;
	}

	/** Returns what a tier has. */
	@Nullable Held lookUp(String text) {
		return isHidden() ? null : held(this.tiers.lookUpIfCached(text));
	}

	/** Returns what is in the memory of this node. */
	@Nullable Held peek(String text) {
		return isHidden() ? null : held(this.tiers.peek(text));
	}

	private boolean isHidden() {
		CommitWork work = this.shared.work().find();
		return work != null && work.hasCleared(this);
	}

	private static @Nullable Held held(@Nullable CacheAnswer<Held> answer) {
		if (answer == null) {
			return null;
		}
		Held value = answer.value();
		return (value != null) ? value : Held.NULL;
	}

	private @Nullable Held kept(Held value) {
		return (this.absentApart && value instanceof Held.Nothing) ? null : value;
	}

	/** Asks for the right to keep what is about to be computed. */
	FillRight right(String text) {
		FillRight right = new FillRight(text, this.tiers.fill(text));
		this.shared.rights().put(right, Boolean.TRUE);
		return right;
	}

	boolean fill(FillRight right, Held value) {
		this.shared.rights().invalidate(right);
		CommitWork work = (keeping() == Keeping.AFTER_COMMIT) ? this.shared.work().open() : null;
		if (work != null) {
			work.fill(this, right, kept(value));
			return true;
		}
		boolean kept = keeping() == Keeping.NOW && right.complete(kept(value));
		right.end();
		return kept;
	}

	void put(String text, Held value) {
		this.flights.remove(text);
		CommitWork work = this.shared.work().open();
		if (work != null) {
			work.put(this, text, kept(value));
			return;
		}
		Map<String, @Nullable Held> values = new HashMap<>();
		values.put(text, kept(value));
		try (CacheWrite<String, Held> write = this.tiers.write(Set.of(text), Set.of())) {
			write.awaitFences();
			write.committed(values);
		}
	}

	void evict(String text) {
		this.flights.remove(text);
		CommitWork work = this.shared.work().open();
		if (work != null) {
			work.evict(this, text);
		}
		else {
			this.tiers.invalidate(Set.of(text));
		}
	}

	void clear() {
		this.flights.clear();
		CommitWork work = this.shared.work().open();
		if (work != null) {
			work.clear(this);
		}
		else {
			this.tiers.invalidateAll();
		}
	}

	/** Forgets everything now, whatever becomes of the transaction. */
	void clearNow() {
		this.flights.clear();
		this.tiers.invalidateAll();
	}

	/**
	 * Returns a value, and calls a method where no tier has it.
	 * @throws MethodFailedException if the method throws
	 */
	Held get(String text, Callable<?> method) throws MethodFailedException {
		return (isHidden() || keeping() != Keeping.NOW) ? computed(text, method) : loaded(text, method);
	}

	private Held loaded(String text, Callable<?> method) throws MethodFailedException {
		try {
			Held value = this.tiers.get(text, (keys) -> {
				Held kept = kept(called(method));
				return (kept != null) ? Map.of(text, kept) : Map.of();
			});
			return (value != null) ? value : Held.NULL;
		}
		catch (CallFailure ex) {
			throw new MethodFailedException(ex.thrown());
		}
		catch (LoadFailedException ex) {
			if (ex.getCause() instanceof CallFailure failure) {
				throw new MethodFailedException(failure.thrown());
			}
			throw ex;
		}
	}

	/** Without others: what this transaction reads is nobody else's yet. */
	private Held computed(String text, Callable<?> method) throws MethodFailedException {
		Held found = lookUp(text);
		if (found != null) {
			return found;
		}
		FillRight right = right(text);
		try {
			Held value = called(method);
			fill(right, value);
			return value;
		}
		catch (CallFailure ex) {
			throw new MethodFailedException(ex.thrown());
		}
		finally {
			// What was not kept by now waits for the commit, or never will be.
			this.shared.rights().invalidate(right);
		}
	}

	private Held called(Callable<?> method) {
		Object value;
		try {
			value = method.call();
		}
		catch (Exception ex) {
			throw new CallFailure(ex);
		}
		return held(value);
	}

	/**
	 * Puts a value, unless a tier has one.
	 * @return what the tier had, or {@code null} if the value was put
	 */
	@Nullable Held putIfAbsent(String text, Held value) {
		Held found = lookUp(text);
		if (found != null || keeping() != Keeping.NOW) {
			if (found == null) {
				put(text, value);
			}
			return found;
		}
		boolean[] put = new boolean[1];
		Held there = this.tiers.get(text, (keys) -> {
			put[0] = true;
			Held kept = kept(value);
			return (kept != null) ? Map.of(text, kept) : Map.of();
		});
		return put[0] ? null : (there != null) ? there : Held.NULL;
	}

	/** Returns a value in its time, and calls a method where no tier has it. */
	CompletableFuture<Held> retrieve(String text, Supplier<? extends CompletableFuture<?>> method) {
		Held found = peek(text);
		return (found != null) ? CompletableFuture.completedFuture(found) : flown(text, method);
	}

	private CompletableFuture<Held> flown(String text, Supplier<? extends CompletableFuture<?>> method) {
		CompletableFuture<Landing> own = new CompletableFuture<>();
		CompletableFuture<Landing> other = this.flights.putIfAbsent(text, own);
		if (other != null) {
			return other.thenCompose((landing) -> landing.current() ? CompletableFuture.completedFuture(landing.value())
					: flown(text, method));
		}
		return CompletableFuture.supplyAsync(() -> lookUp(text), executor())
			.thenComposeAsync((found) -> (found != null) ? CompletableFuture.completedFuture(new Landing(found, true))
					: called(text, method), executor())
			.whenComplete((landing, failure) -> {
				this.flights.remove(text, own);
				if (failure != null) {
					own.completeExceptionally(failure);
				}
				else {
					own.complete(landing);
				}
			})
			.thenApply(Landing::value);
	}

	private CompletableFuture<Landing> called(String text, Supplier<? extends CompletableFuture<?>> method) {
		FillRight right = right(text);
		CompletableFuture<?> answer;
		try {
			answer = method.get();
		}
		catch (RuntimeException ex) {
			answer = CompletableFuture.failedFuture(ex);
		}
		return answer.thenApply((value) -> {
			Held held = held(value);
			return new Landing(held, fill(right, held));
		}).whenComplete((landing, failure) -> {
			if (failure != null) {
				this.shared.rights().invalidate(right);
				right.end();
			}
		});
	}

}
