package io.strates.snapshot;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one builder: those that call sources, which are virtual where the
 * runtime has them, and one that wakes at times.
 */
/*
 * What an alarm wakes runs on a thread of the callers: it may go on to a source, and to
 * whoever waits for a snapshot, and the clock must wait for none of them.
 *
 * No pool limits the calls: slots do, and a call that was left behind keeps its slot. So
 * there are never more threads than slots, and a source that hangs takes none from
 * others.
 */
final class Threads implements Alarms, AutoCloseable {

	private final ExecutorService callers = callers();

	private final ScheduledThreadPoolExecutor clock;

	Threads() {
		this.clock = new ScheduledThreadPoolExecutor(1, (task) -> daemon(task, "strates-snapshot-clock"));
		this.clock.setRemoveOnCancelPolicy(true);
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/** Virtual threads are of Java 21, and this is compiled for 17. */
	private static ExecutorService callers() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
			AtomicInteger count = new AtomicInteger();
			return Executors.newCachedThreadPool((task) -> daemon(task, "strates-snapshot-" + count.incrementAndGet()));
		}
	}

	ExecutorService executor() {
		return this.callers;
	}

	@Override
	public Runnable after(long nanos, Runnable task) {
		try {
			ScheduledFuture<?> alarm = this.clock.schedule(() -> wake(task), nanos, TimeUnit.NANOSECONDS);
			return () -> alarm.cancel(false);
		}
		catch (RejectedExecutionException ex) {
			// Closed: whoever waits is told by the builder.
			return () -> {
			};
		}
	}

	private void wake(Runnable task) {
		try {
			this.callers.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed meanwhile.
		}
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
		this.callers.shutdownNow();
	}

}
