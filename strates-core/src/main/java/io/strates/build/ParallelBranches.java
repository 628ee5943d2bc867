package io.strates.build;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/** Branches that run on the service's executor, a bounded number at a time. */
final class ParallelBranches implements Branches {

	private final OpenBuild build;

	private final ChunkWriter writer;

	private final BuildSettings settings;

	private final Map<String, Work> branches = new LinkedHashMap<>();

	private final Map<String, FutureTask<Boolean>> running = new LinkedHashMap<>();

	private final Map<String, Throwable> failures = Collections.synchronizedMap(new LinkedHashMap<>());

	ParallelBranches(OpenBuild build, ChunkWriter writer, BuildSettings settings) {
		this.build = build;
		this.writer = writer;
		this.settings = settings;
	}

	@Override
	public Branches branch(String name, Work work) {
		if (this.branches.putIfAbsent(name, work) != null) {
			throw new IllegalArgumentException("Branch '" + name + "' is there already; name each branch once");
		}
		return this;
	}

	@Override
	public void run() {
		this.writer.flush();
		Semaphore permits = new Semaphore(this.settings.parallelism());
		this.branches.forEach((name, work) -> this.running.put(name, new FutureTask<>(() -> {
			permits.acquire();
			try {
				work.write(this.writer);
				return true;
			}
			catch (Throwable ex) {
				failed(name, ex);
				throw ex;
			}
			finally {
				permits.release();
			}
		})));
		this.running.values().forEach(this.settings.branchExecutor()::execute);
		awaitAll();
		if (!this.failures.isEmpty()) {
			Map<String, Throwable> all = primaryFailures();
			throw new BranchesFailedException(this.build.fail(all.values().iterator().next()), all);
		}
		this.writer.flush();
	}

	private void failed(String name, Throwable cause) {
		boolean cancelled = cause instanceof InterruptedException || cause instanceof CancellationException;
		if (cancelled && !this.failures.isEmpty()) {
			return;
		}
		this.failures.put(name, cause);
		this.writer.stop(cause);
		this.running.forEach((other, task) -> {
			if (!other.equals(name)) {
				task.cancel(true);
			}
		});
	}

	/**
	 * A cancelled task counts as done before its thread has left it: the writer tells.
	 */
	private void awaitAll() {
		for (Map.Entry<String, FutureTask<Boolean>> branch : this.running.entrySet()) {
			try {
				branch.getValue().get();
			}
			catch (InterruptedException ex) {
				failed("(caller)", ex);
				Thread.currentThread().interrupt();
			}
			catch (ExecutionException | CancellationException ex) {
				// recorded by the branch itself, or cancelled because another failed
			}
		}
	}

	/** What failed by itself, without what failed because the writer had stopped. */
	private Map<String, Throwable> primaryFailures() {
		Map<String, Throwable> primary = new LinkedHashMap<>();
		synchronized (this.failures) {
			this.failures.forEach((name, cause) -> {
				if (!(cause instanceof ChunkFailedException chunk && chunk.isRepeated())) {
					primary.put(name, cause);
				}
			});
			return primary.isEmpty() ? new LinkedHashMap<>(this.failures) : primary;
		}
	}

}
