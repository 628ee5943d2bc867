package io.strates.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.strates.cache.CacheAnswer.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One load of one key of a coherent cache, which other readers of the key wait for.
 */
final class CoherentFlight {

	private final CompletableFuture<Landing> landing = new CompletableFuture<>();

	private final long doubts;

	private volatile @Nullable Thread leader;

	private volatile boolean doubted;

	private volatile boolean overtaken;

	private volatile boolean loading;

	private volatile boolean fenced;

	CoherentFlight(long doubts) {
		this.doubts = doubts;
	}

	/** What a flight brought: a value, or that there is none. */
	record Landing(Object value, Origin origin) {
	}

	/** How often this node had doubts in its memory before the flight began. */
	long doubts() {
		return this.doubts;
	}

	/** The key was written since the flight began: what it brings must not be kept. */
	void doubt() {
		this.doubted = true;
	}

	boolean doubted() {
		return this.doubted;
	}

	/**
	 * A reader is about to see what another flight brought, and what this one brings may
	 * be older: it is good for those who asked before, and must not be kept.
	 */
	void overtake() {
		this.overtaken = true;
	}

	boolean isOvertaken() {
		return this.overtaken;
	}

	void leadBy(Thread thread) {
		this.leader = thread;
	}

	/** The loader is about to be called. */
	void startLoading() {
		this.loading = true;
	}

	boolean isLoading() {
		return this.loading;
	}

	/** The key is being written, so that the value is good for those who asked before. */
	void fence() {
		this.fenced = true;
	}

	boolean isFenced() {
		return this.fenced;
	}

	boolean isDone() {
		return this.landing.isDone();
	}

	void land(Landing landed) {
		this.landing.complete(landed);
	}

	/** Whether the flight has landed with this, which is not from elsewhere. */
	@SuppressWarnings("ReferenceEquality") // another may be equal
	boolean brought(Landing landed) {
		return this.landing.isDone() && !this.landing.isCompletedExceptionally() && this.landing.join() == landed;
	}

	void crash(Throwable failure) {
		this.landing.completeExceptionally(failure);
	}

	/** Waits for the end of the load; what is described is named in failures. */
	Landing await(long nanos, Object described) {
		Thread led = this.leader;
		if (Thread.currentThread().equals(led) && !this.landing.isDone()) {
			throw new IllegalStateException("The loader of " + described + " asks for " + described
					+ " itself; read what it is made of instead");
		}
		try {
			return this.landing.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LoadFailedException("Interrupted while " + described + " was loaded by another thread", ex);
		}
		catch (TimeoutException ex) {
			throw new LoadFailedException(described + " was not loaded in time by "
					+ ((led != null) ? "thread " + led.getName() : "another thread") + "; the next reader loads again",
					null);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new LoadFailedException(described + " could not be loaded by "
					+ ((led != null) ? "thread " + led.getName() : "another thread") + ": " + cause, cause);
		}
	}

}
