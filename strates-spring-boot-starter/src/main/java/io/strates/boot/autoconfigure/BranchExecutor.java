package io.strates.boot.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Runs the branches of builds: on virtual threads where the JVM has them, else on a pool
 * of as many threads as branches may run at a time.
 */
final class BranchExecutor implements AutoCloseable {

	private static final int VIRTUAL_THREADS_SINCE = 21;

	private static final String THREADS = "strates-branch-";

	private final int parallelism;

	private final Executor executor;

	private final @Nullable ThreadPoolExecutor pool;

	BranchExecutor(int parallelism) {
		this.parallelism = parallelism;
		if (Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
			SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor(THREADS);
			virtual.setVirtualThreads(true);
			this.pool = null;
			this.executor = virtual;
		}
		else {
			AtomicInteger number = new AtomicInteger();
			this.pool = new ThreadPoolExecutor(parallelism, parallelism, 10, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), (task) -> daemon(task, THREADS + number.incrementAndGet()));
			this.pool.allowCoreThreadTimeOut(true);
			this.executor = this.pool;
		}
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * How many branches may run at a time; with virtual threads the executor does not
	 * bound them.
	 */
	int parallelism() {
		return this.parallelism;
	}

	Executor executor() {
		return this.executor;
	}

	@Override
	public void close() {
		if (this.pool != null) {
			this.pool.shutdownNow();
		}
	}

}
