package io.strates.build;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Branches that run on the service's executor, a bounded number at a time. */
/*
 * The branches wait in a queue of their own, which workers on the executor empty; for
 * each branch, a worker waits for one of the slots of the service. A worker that the
 * executor refuses, drops or starts late thus costs time and nothing else. Where none
 * works, because the executor was closed or is full of branches that run branches in
 * turn, a thread of its own does: not the caller's, whose transaction and pins are of no
 * concern to a branch.
 *
 * A cancelled future counts as done while its thread still works, so the branches are
 * awaited by a count that each lowers when it has left its work, or when it is cancelled
 * before it began. An interrupt of the caller cancels the branches and is kept back until
 * all have ended and the build is failed: drivers give up a statement, or the connection,
 * when their thread is interrupted.
 *
 * It is one thing because how a branch ends, by its work or by the failure of another, is
 * decided under locks that the branches and whoever waits for them share.
 */
final class ParallelBranches implements Branches {

	private static final Logger logger = LoggerFactory.getLogger(ParallelBranches.class);

	private static final String CALLER = "(caller)";

	/** The class of SQL states that say that a connection is lost. */
	private static final String CONNECTION_EXCEPTION = "08";

	private static final long WITHOUT_WORKER_MILLIS = 1000;

	private final OpenBuild build;

	private final ChunkWriter writer;

	private final Executor executor;

	private final BranchSlots slots;

	private final Map<String, Work> works = new LinkedHashMap<>();

	private final Map<String, Throwable> failures = new LinkedHashMap<>();

	/** What was broken off by the cancellation; guarded by the failures. */
	private final List<Throwable> brokenOff = new ArrayList<>();

	private final Queue<Branch> waiting = new ConcurrentLinkedQueue<>();

	/** How many workers have begun and not ended. */
	private final AtomicInteger workers = new AtomicInteger();

	private List<Branch> branches = List.of();

	private boolean begun;

	ParallelBranches(OpenBuild build, Executor executor, BranchSlots slots) {
		this.build = build;
		this.writer = build.writer();
		this.executor = executor;
		this.slots = slots;
	}

	@Override
	public Branches branch(String name, Work work) {
		Objects.requireNonNull(name, "The name of the branch is null; name each branch once");
		Objects.requireNonNull(work, () -> "The work of branch '" + name + "' is null; pass what it writes");
		if (this.works.putIfAbsent(name, work) != null) {
			throw new IllegalArgumentException("Branch '" + name + "' is there already; name each branch once");
		}
		return this;
	}

	@Override
	public void run() {
		if (this.begun) {
			throw new IllegalStateException(
					"The branches of " + this.build + " have run already; begin new ones with branches()");
		}
		this.begun = true;
		this.writer.flush();
		CountDownLatch running = new CountDownLatch(this.works.size());
		List<Branch> created = new ArrayList<>();
		this.works.forEach((name, work) -> created.add(new Branch(name, work, running)));
		this.branches = List.copyOf(created);
		this.waiting.addAll(created);
		boolean interrupted = this.slots.lend(() -> {
			startWorkers();
			return awaitAll(running);
		});
		try {
			finish();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void startWorkers() {
		int workers = Math.min(this.slots.size(), this.works.size());
		for (int worker = 1; worker <= workers; worker++) {
			try {
				this.executor.execute(this::work);
			}
			catch (RejectedExecutionException ex) {
				logger.warn("The branches of {} run with less parallelism than the {} allowed: {}", this.build,
						this.slots.size(), ex.toString());
				return;
			}
		}
	}

	private void work() {
		this.workers.incrementAndGet();
		try {
			while (!this.waiting.isEmpty()) {
				this.slots.occupy(this::runNext);
			}
		}
		catch (InterruptedException ex) {
			// Somebody closes the executor.
			Thread.currentThread().interrupt();
		}
		finally {
			this.workers.decrementAndGet();
		}
	}

	private void runNext() {
		Branch next = this.waiting.poll();
		if (next != null) {
			next.run();
		}
	}

	private boolean awaitAll(CountDownLatch running) {
		boolean interrupted = false;
		while (true) {
			try {
				if (running.await(WITHOUT_WORKER_MILLIS, TimeUnit.MILLISECONDS)) {
					return interrupted;
				}
				replaceLostWorkers();
			}
			catch (InterruptedException ex) {
				interrupted = true;
				failed(CALLER, ex);
			}
		}
	}

	private void replaceLostWorkers() {
		if (this.workers.get() > 0 || this.waiting.isEmpty()) {
			return;
		}
		logger.debug("The executor runs no branch of {}; a thread of its own does", this.build);
		Thread thread = new Thread(this::work, "strates-branches");
		thread.setDaemon(true);
		thread.start();
	}

	private void finish() {
		Map<String, Throwable> causes = primaryFailures();
		if (causes.isEmpty()) {
			this.writer.flush();
			return;
		}
		BuildInfo ended = this.build.opened();
		RuntimeException notEnded = null;
		try {
			ended = this.build.fail(causes.values().iterator().next());
		}
		catch (RuntimeException ex) {
			notEnded = ex;
		}
		BranchesFailedException failure = new BranchesFailedException(ended, causes);
		if (notEnded != null) {
			failure.addSuppressed(notEnded);
		}
		synchronized (this.failures) {
			this.brokenOff.forEach(failure::addSuppressed);
		}
		throw failure;
	}

	private void failed(String name, Throwable cause) {
		synchronized (this.failures) {
			this.failures.putIfAbsent(name, cause);
		}
		this.writer.stop(cause);
		for (Branch other : this.branches) {
			if (!other.name.equals(name)) {
				other.cancel();
			}
		}
	}

	private void brokenOff(Throwable cause) {
		synchronized (this.failures) {
			this.brokenOff.add(cause);
		}
	}

	/** What failed by itself, without what failed because the writer had stopped. */
	private Map<String, Throwable> primaryFailures() {
		synchronized (this.failures) {
			Map<String, Throwable> primary = new LinkedHashMap<>();
			this.failures.forEach((name, cause) -> {
				if (!(cause instanceof ChunkFailedException chunk && chunk.isRepeated())) {
					primary.put(name, cause);
				}
			});
			return primary.isEmpty() ? new LinkedHashMap<>(this.failures) : primary;
		}
	}

	/** One branch, which ends exactly once: by its work, or cancelled before it began. */
	private final class Branch implements Runnable {

		private final String name;

		private final Work work;

		private final CountDownLatch running;

		private @Nullable Thread thread;

		private boolean cancelled;

		private boolean ended;

		Branch(String name, Work work, CountDownLatch running) {
			this.name = name;
			this.work = work;
			this.running = running;
		}

		@Override
		public void run() {
			if (!begin()) {
				return;
			}
			try {
				this.work.write(ParallelBranches.this.writer);
			}
			catch (Throwable ex) {
				if (isCancelled() && Thread.currentThread().isInterrupted() && isLostConnection(ex)) {
					brokenOff(ex);
				}
				else if (!isCancelled() || !isInterruption(ex)) {
					failed(this.name, ex);
				}
			}
			finally {
				end();
			}
		}

		private synchronized boolean begin() {
			if (this.ended) {
				return false;
			}
			this.thread = Thread.currentThread();
			return true;
		}

		/** The interrupt was for this branch, not for what its thread does next. */
		private synchronized void end() {
			this.thread = null;
			this.ended = true;
			if (this.cancelled) {
				Thread.interrupted();
			}
			this.running.countDown();
		}

		synchronized void cancel() {
			this.cancelled = true;
			if (this.thread != null) {
				this.thread.interrupt();
			}
			else if (!this.ended) {
				this.ended = true;
				this.running.countDown();
			}
		}

		private synchronized boolean isCancelled() {
			return this.cancelled;
		}

		private static boolean isInterruption(Throwable failure) {
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof InterruptedException || cause instanceof CancellationException
						|| cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException) {
					return true;
				}
			}
			return false;
		}

		/**
		 * What an interrupt does to a virtual thread that waits for the database: its
		 * socket is closed.
		 */
		private static boolean isLostConnection(Throwable failure) {
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof SocketException || (cause instanceof SQLException sql && sql.getSQLState() != null
						&& sql.getSQLState().startsWith(CONNECTION_EXCEPTION))) {
					return true;
				}
			}
			return false;
		}

	}

}
