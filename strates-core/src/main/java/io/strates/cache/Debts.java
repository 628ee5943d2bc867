package io.strates.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that were written while L2 was away. Until it is told of all of them, this
 * node does not read from it.
 */
/*
 * A key that is owed a second time while it is being paid stays owed: each debt has a
 * number, and only the number that was paid is struck off. Where there are too many, the
 * few keys that stand for all that the caches hold are owed instead. Guards are paid
 * before the tags that they guard, as CoherentNode tells.
 */
final class Debts {

	private static final Logger logger = LoggerFactory.getLogger(Debts.class);

	private static final int LIMIT = 10_000;

	private static final int STEP = 500;

	private static final long RETRY_MILLIS = 100;

	/** A server that comes and goes is not worth a warning each time. */
	private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Function<Collection<String>, CompletableFuture<Void>> invalidation;

	private final ScheduledExecutorService scheduler;

	private final Supplier<Collection<String>> everything;

	private final LongSupplier nanos;

	private final Runnable trouble;

	private final Map<String, Long> owed = new HashMap<>();

	private @Nullable Long warnedAt;

	private boolean warned;

	private long count;

	private boolean scheduled;

	private volatile int size;

	Debts(Function<Collection<String>, CompletableFuture<Void>> invalidation, ScheduledExecutorService scheduler,
			Supplier<Collection<String>> everything, LongSupplier nanos, Runnable trouble) {
		this.invalidation = invalidation;
		this.scheduler = scheduler;
		this.everything = everything;
		this.nanos = nanos;
		this.trouble = trouble;
	}

	int size() {
		return this.size;
	}

	synchronized void owe(Collection<String> keys) {
		if (keys.isEmpty()) {
			return;
		}
		if (this.owed.isEmpty()) {
			tell();
		}
		keys.forEach((key) -> this.owed.put(key, ++this.count));
		if (this.owed.size() > LIMIT) {
			this.owed.clear();
			this.everything.get().forEach((key) -> this.owed.put(key, ++this.count));
		}
		this.size = this.owed.size();
		this.trouble.run();
		schedule(RETRY_MILLIS);
	}

	/**
	 * Owes all that the caches hold, for no fault of the tier, which is only about to be
	 * there.
	 */
	synchronized void oweAll() {
		this.everything.get().forEach((key) -> this.owed.put(key, ++this.count));
		this.size = this.owed.size();
		this.trouble.run();
		if (this.size > 0) {
			schedule(RETRY_MILLIS);
		}
	}

	private void tell() {
		long now = this.nanos.getAsLong();
		Long before = this.warnedAt;
		if (before == null || now - before >= SILENCE_NANOS) {
			this.warnedAt = now;
			this.warned = true;
			logger.warn("L2 could not be told that keys were written; this node does without it until it can");
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private synchronized void schedule(long delay) {
		if (!this.scheduled && !this.scheduler.isShutdown()) {
			this.scheduled = true;
			this.scheduler.schedule(this::pay, delay, TimeUnit.MILLISECONDS);
		}
	}

	private synchronized Map<String, Long> next() {
		Map<String, Long> next = new HashMap<>();
		List<Map.Entry<String, Long>> all = new ArrayList<>(this.owed.entrySet());
		all.sort(Comparator.comparing((debt) -> !CoherentNode.isGuard(debt.getKey())));
		all.subList(0, Math.min(STEP, all.size())).forEach((debt) -> next.put(debt.getKey(), debt.getValue()));
		return next;
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void pay() {
		Map<String, Long> next = next();
		CompletableFuture<Void> paid = this.invalidation.apply(next.keySet());
		paid.whenComplete((nothing, failure) -> settled(next, failure == null));
	}

	private synchronized void settled(Map<String, Long> debts, boolean paid) {
		this.scheduled = false;
		if (paid) {
			debts.forEach(this.owed::remove);
			// First, so that nobody reads from L2 in between.
			this.trouble.run();
			this.size = this.owed.size();
		}
		if (!this.owed.isEmpty()) {
			schedule(paid ? 0 : RETRY_MILLIS);
		}
		else if (this.warned) {
			this.warned = false;
			logger.info("L2 has been told of all keys that were written while it was away");
		}
	}

}
