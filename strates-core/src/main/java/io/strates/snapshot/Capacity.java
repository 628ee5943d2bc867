package io.strates.snapshot;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * How many calls of sources run at the same time: of each source, and of all. Whoever
 * waits for a call's turn does so without a thread.
 */
final class Capacity {

	/*
	 * A claim passes two limiters, first that of its source, then the global one, and
	 * waits at each behind those that came before. In this order a source that is slow
	 * fills its own queue and not the global one, of which every other source is in need.
	 *
	 * One lock guards all limiters, so that a step from the first to the second is atomic
	 * and the counters always fit each other; what is done under it are a few
	 * assignments. Futures are completed outside of it, since whoever waits for one may
	 * acquire, cancel or release at once. A release within such a callback does not
	 * complete the next future itself: it leaves it to the delivery further up the same
	 * stack, or else a thousand claims in a row would be a thousand frames deep. That is
	 * per thread, as a callback that takes long must delay nobody but the thread it is
	 * on.
	 *
	 * Between the grant and the completion of the future, and for a future which the
	 * caller has ended (a timeout, say), the lease has no holder; in the second case
	 * delivery finds the future done and gives the lease back.
	 */

	/** The name under which {@link #usage()} has the limiter of all sources. */
	static final String GLOBAL = "global";

	private final Object lock = new Object();

	private final Limiter global;

	private final Limiter unlimited = new Limiter(Integer.MAX_VALUE);

	private final Map<String, Limiter> sources = new ConcurrentHashMap<>();

	private final ThreadLocal<@Nullable Queue<Claim>> delivering = new ThreadLocal<>();

	/**
	 * Creates a capacity.
	 * @throws IllegalArgumentException if the limit is less than one
	 */
	Capacity(int globalLimit) {
		this.global = new Limiter(atLeastOne("all sources", globalLimit));
	}

	/**
	 * Makes a source known; the same again does nothing.
	 * @param limit how many of its calls may run at the same time, or {@code null} for as
	 * many as the global limit allows
	 * @throws IllegalArgumentException if the limit is less than one, or the name is that
	 * of the global limiter
	 * @throws IllegalStateException if the source has another limit
	 */
	void register(String source, @Nullable Integer limit) {
		if (source.equals(GLOBAL)) {
			throw new IllegalArgumentException(
					"A source is named '" + GLOBAL + "', which stands for all sources; name it otherwise");
		}
		Limiter wanted = (limit == null) ? this.unlimited : new Limiter(atLeastOne("source '" + source + "'", limit));
		Limiter there = this.sources.putIfAbsent(source, wanted);
		if (there != null && there != wanted && (there == this.unlimited || there.limit != wanted.limit)) {
			throw new IllegalStateException("Source '" + source + "' has " + text(there) + " already and is to have "
					+ text(wanted) + " now; sources that share a name share their limit");
		}
	}

	private static int atLeastOne(String whose, int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("The limit of calls of " + whose + " is " + limit + "; set one or more");
		}
		return limit;
	}

	private String text(Limiter limiter) {
		return (limiter == this.unlimited) ? "no limit of calls" : "a limit of " + limiter.limit + " calls";
	}

	/**
	 * Asks for a turn of one call. Never waits.
	 * @throws IllegalArgumentException if the source is not registered
	 */
	Ticket acquire(String source) {
		Limiter own = this.sources.get(source);
		if (own == null) {
			throw new IllegalArgumentException("Source '" + source + "' has no capacity; register it first");
		}
		Claim claim = new Claim(own);
		boolean granted;
		synchronized (this.lock) {
			granted = own.enter(claim) && enterGlobal(claim);
		}
		if (granted) {
			claim.granted.complete(claim);
		}
		return claim;
	}

	/** Returns whether the claim, which has passed its own limiter, has passed both. */
	private boolean enterGlobal(Claim claim) {
		claim.state = ClaimState.WAITS_FOR_ALL;
		if (this.global.enter(claim)) {
			claim.state = ClaimState.HELD;
			return true;
		}
		return false;
	}

	private void cancel(Claim claim) {
		Claim next = null;
		synchronized (this.lock) {
			if (claim.state == ClaimState.WAITS_FOR_OWN) {
				claim.own.waiting.remove(claim);
			}
			else if (claim.state == ClaimState.WAITS_FOR_ALL) {
				this.global.waiting.remove(claim);
				next = leaveOwn(claim);
			}
			else {
				return;
			}
			claim.state = ClaimState.ENDED;
		}
		deliver(next);
		claim.granted.cancel(false);
	}

	private void release(Claim claim) {
		Claim next;
		Claim other;
		synchronized (this.lock) {
			if (claim.state != ClaimState.HELD) {
				return;
			}
			claim.state = ClaimState.ENDED;
			next = this.global.leave();
			if (next != null) {
				next.state = ClaimState.HELD;
			}
			other = leaveOwn(claim);
		}
		deliver(next);
		deliver(other);
	}

	/** Returns the next claim of the same source, if it has passed both limiters now. */
	private @Nullable Claim leaveOwn(Claim claim) {
		Claim next = claim.own.leave();
		return (next != null && enterGlobal(next)) ? next : null;
	}

	private void deliver(@Nullable Claim granted) {
		if (granted == null) {
			return;
		}
		Queue<Claim> pending = this.delivering.get();
		if (pending != null) {
			pending.add(granted);
			return;
		}
		pending = new ArrayDeque<>();
		this.delivering.set(pending);
		try {
			for (Claim next = granted; next != null; next = pending.poll()) {
				if (!next.granted.complete(next)) {
					release(next);
				}
			}
		}
		finally {
			this.delivering.remove();
		}
	}

	/**
	 * Returns what is in use, at one moment.
	 * @return the global limiter first, then each limited source by name
	 */
	Map<String, Usage> usage() {
		Map<String, Usage> usage = new LinkedHashMap<>();
		synchronized (this.lock) {
			usage.put(GLOBAL, this.global.usage());
			new TreeMap<>(this.sources).forEach((source, limiter) -> {
				if (limiter != this.unlimited) {
					usage.put(source, limiter.usage());
				}
			});
		}
		return Collections.unmodifiableMap(usage);
	}

	/** Returns how many calls run. */
	int running() {
		synchronized (this.lock) {
			return this.global.inUse;
		}
	}

	/** Returns what {@link #usage()} does, for those who watch. */
	Map<String, BuilderHealth.CapacityState> states() {
		Map<String, BuilderHealth.CapacityState> states = new LinkedHashMap<>();
		usage().forEach((name, usage) -> states.put(name,
				new BuilderHealth.CapacityState(usage.limit(), usage.inUse(), usage.waiting())));
		return states;
	}

	/**
	 * How much of a limiter is in use.
	 *
	 * @param limit how many calls may run at the same time
	 * @param inUse how many do
	 * @param waiting how many wait for it
	 */
	record Usage(int limit, int inUse, int waiting) {
	}

	/** A place in the queues. */
	interface Ticket {

		/**
		 * Returns the lease, once it is there. Completed on the thread that released the
		 * place, outside of any lock, or cancelled by {@link #cancel()}. If the caller
		 * ends the future before, the lease goes to the next.
		 */
		CompletableFuture<Lease> granted();

		/**
		 * Leaves the queues and gives back what was taken between the two. Does nothing
		 * once the lease is granted: that is to be released, then, when the future
		 * completes.
		 */
		void cancel();

	}

	/** The turn of one call. */
	interface Lease {

		/** Gives the turn to the next, once the call has really ended. Idempotent. */
		void release();

	}

	private enum ClaimState {

		WAITS_FOR_OWN, WAITS_FOR_ALL, HELD, ENDED

	}

	final class Claim implements Ticket, Lease {

		private final CompletableFuture<Lease> granted = new CompletableFuture<>();

		private final Limiter own;

		private ClaimState state = ClaimState.WAITS_FOR_OWN;

		Claim(Limiter own) {
			this.own = own;
		}

		@Override
		public CompletableFuture<Lease> granted() {
			return this.granted;
		}

		@Override
		public void cancel() {
			Capacity.this.cancel(this);
		}

		@Override
		public void release() {
			Capacity.this.release(this);
		}

	}

	/** Counts those within a limit, and queues the others. Not thread-safe. */
	static final class Limiter {

		private final int limit;

		private int inUse;

		/** A set, so that whoever gives up in a long queue need not be looked for. */
		private final Set<Claim> waiting = new LinkedHashSet<>();

		Limiter(int limit) {
			this.limit = limit;
		}

		private boolean enter(Claim claim) {
			if (this.inUse < this.limit) {
				this.inUse++;
				return true;
			}
			this.waiting.add(claim);
			return false;
		}

		/** Passes the place of one that leaves on to the first that waits, if any. */
		@Nullable Claim leave() {
			if (this.inUse == 0) {
				throw new IllegalStateException("A limiter was released more often than acquired");
			}
			var first = this.waiting.iterator();
			if (!first.hasNext()) {
				this.inUse--;
				return null;
			}
			Claim next = first.next();
			first.remove();
			return next;
		}

		private Usage usage() {
			return new Usage(this.limit, this.inUse, this.waiting.size());
		}

	}

}
