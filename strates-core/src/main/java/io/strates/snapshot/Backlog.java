package io.strates.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is done later, one thing after another, and never more than a number of things.
 */
/*
 * A thing leaves the backlog before its future is completed: whoever was told that it is
 * done can count on its place.
 */
final class Backlog {

	private final Executor executor;

	private final int limit;

	private final Deque<Runnable> waiting = new ArrayDeque<>();

	private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

	private int pending;

	private boolean running;

	private boolean closed;

	Backlog(Executor executor, int limit) {
		this.executor = executor;
		this.limit = limit;
	}

	int limit() {
		return this.limit;
	}

	synchronized int pending() {
		return this.pending;
	}

	/**
	 * Adds something.
	 * @param taken what is done at once, once there is a place
	 * @param task what is done later with what was taken
	 * @return completed with what comes of it
	 * @throws BacklogFullException if there is no place
	 * @throws IllegalStateException if nothing is taken any more
	 */
	<A, B> CompletableFuture<B> submit(Supplier<A> taken, Function<A, B> task) {
		reserve();
		CompletableFuture<B> done = new CompletableFuture<>();
		A argument;
		try {
			argument = taken.get();
		}
		catch (RuntimeException | Error ex) {
			release();
			done.completeExceptionally(ex);
			return done;
		}
		CompletableFuture<Void> ended = new CompletableFuture<>();
		boolean first;
		synchronized (this) {
			this.waiting.add(() -> run(argument, task, done, ended));
			this.last = ended;
			first = !this.running;
			this.running = true;
		}
		if (first) {
			start();
		}
		return done;
	}

	private synchronized void reserve() {
		if (this.closed) {
			throw new IllegalStateException("The builder of snapshots is closed; create another");
		}
		if (this.pending >= this.limit) {
			throw new BacklogFullException(this.limit, this.pending);
		}
		this.pending++;
	}

	private synchronized void release() {
		this.pending--;
	}

	private <A, B> void run(A argument, Function<A, B> task, CompletableFuture<B> done, CompletableFuture<Void> ended) {
		try {
			B result = task.apply(argument);
			release();
			done.complete(result);
		}
		catch (RuntimeException | Error ex) {
			release();
			done.completeExceptionally(ex);
		}
		ended.complete(null);
	}

	private void start() {
		try {
			this.executor.execute(this::drain);
		}
		catch (RejectedExecutionException ex) {
			// Closed meanwhile; what was taken is done nevertheless.
			drain();
		}
	}

	private void drain() {
		for (Runnable next = next(); next != null; next = next()) {
			next.run();
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable next = this.waiting.poll();
		this.running = next != null;
		return next;
	}

	/** Returns what is completed when all is done that was added so far. */
	synchronized CompletableFuture<Void> drained() {
		return this.last.copy();
	}

	/** Nothing is taken any more; what was is done. */
	synchronized void close() {
		this.closed = true;
	}

}
