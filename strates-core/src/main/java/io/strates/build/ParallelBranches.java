package io.strates.build;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/** Branches that run on the service's executor, a bounded number at a time. */
/*
 * A cancelled future counts as done while its thread still works, so the branches are
 * awaited by a count that each lowers when it has left its work, or when it is cancelled
 * before it began. An interrupt of the caller cancels the branches and is kept back until
 * all have ended and the build is failed: drivers give up a statement, or the connection,
 * when their thread is interrupted.
 */
final class ParallelBranches implements Branches {

	private static final String CALLER = "(caller)";

	private final OpenBuild build;

	private final ChunkWriter writer;

	private final BuildSettings settings;

	private final Map<String, Work> works = new LinkedHashMap<>();

	private final Map<String, Throwable> failures = new LinkedHashMap<>();

	private List<Branch> branches = List.of();

	private boolean begun;

	ParallelBranches(OpenBuild build, ChunkWriter writer, BuildSettings settings) {
		this.build = build;
		this.writer = writer;
		this.settings = settings;
	}

	@Override
	public Branches branch(String name, Work work) {
		if (this.works.putIfAbsent(name, work) != null) {
			throw new IllegalArgumentException("Branch '" + name + "' is there already; name each branch once");
		}
		return this;
	}

	@Override
	public void run() {
		if (this.begun) {
			throw new IllegalStateException(
					"The branches of " + this.build + " have run already; begin new ones with" + " branches()");
		}
		this.begun = true;
		this.writer.flush();
		Semaphore permits = new Semaphore(this.settings.parallelism());
		CountDownLatch running = new CountDownLatch(this.works.size());
		List<Branch> created = new ArrayList<>();
		this.works.forEach((name, work) -> created.add(new Branch(name, work, permits, running)));
		this.branches = List.copyOf(created);
		this.branches.forEach(this::start);
		boolean interrupted = awaitAll(running);
		try {
			finish();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void start(Branch branch) {
		try {
			this.settings.branchExecutor().execute(branch);
		}
		catch (RejectedExecutionException ex) {
			branch.cancel();
			failed(branch.name, ex);
		}
	}

	private boolean awaitAll(CountDownLatch running) {
		boolean interrupted = false;
		while (true) {
			try {
				running.await();
				return interrupted;
			}
			catch (InterruptedException ex) {
				interrupted = true;
				failed(CALLER, ex);
			}
		}
	}

	private void finish() {
		Map<String, Throwable> causes = primaryFailures();
		if (causes.isEmpty()) {
			this.writer.flush();
			return;
		}
		Throwable first = causes.values().iterator().next();
		try {
			throw new BranchesFailedException(this.build.fail(first), causes);
		}
		catch (BranchesFailedException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			BranchesFailedException failure = new BranchesFailedException(this.build.opened(), causes);
			failure.addSuppressed(ex);
			throw failure;
		}
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

		private final Semaphore permits;

		private final CountDownLatch running;

		private @Nullable Thread thread;

		private boolean cancelled;

		private boolean ended;

		Branch(String name, Work work, Semaphore permits, CountDownLatch running) {
			this.name = name;
			this.work = work;
			this.permits = permits;
			this.running = running;
		}

		@Override
		public void run() {
			if (!begin()) {
				return;
			}
			try {
				this.permits.acquire();
				try {
					this.work.write(ParallelBranches.this.writer);
				}
				finally {
					this.permits.release();
				}
			}
			catch (Throwable ex) {
				if (!isCancelled() || !isInterruption(ex)) {
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

	}

}
