package io.strates.store;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The last flush of stores that are closed together, within one time limit.
 */
/*
 * Each store is flushed by a thread of its own, so that one that is held up takes no time
 * from the others. Rows of one store may refer to those of another, whichever comes
 * first: what the database refused is tried again as long as anything got through. Nobody
 * waits for a thread that is held up beyond the limit: what it has claimed stays in the
 * journal until it is acknowledged. Nor is a journal asked anything after the limit that
 * would have to be waited for.
 *
 * Whoever is interrupted waits all the same, since what is not flushed may be lost; it is
 * told of that at the end.
 */
final class LastFlush implements AutoCloseable {

	private final Map<WriteBehind, FlushReport> reports = new LinkedHashMap<>();

	private final Duration limit;

	private final long deadline;

	/** The closing thread's alone. */
	private boolean interrupted;

	LastFlush(Collection<WriteBehind> queues, Duration limit) {
		queues.forEach((queue) -> this.reports.put(queue, FlushReport.NOTHING));
		this.limit = limit;
		this.deadline = System.nanoTime() + limit.toNanos();
	}

	/** Returns how much of the limit is left. */
	Duration left() {
		return Duration.ofNanos(Math.max(0, this.deadline - System.nanoTime()));
	}

	/**
	 * Flushes, and returns what was left of each store the last time that it was tried.
	 */
	Map<WriteBehind, FlushReport> run() {
		ExecutorService threads = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task, "strates-last-flush");
			thread.setDaemon(true);
			return thread;
		});
		try {
			List<WriteBehind> open = List.copyOf(this.reports.keySet());
			long written;
			do {
				written = round(open, threads);
				open = open.stream().filter((queue) -> !report(queue).complete()).toList();
			}
			while (written > 0 && !open.isEmpty() && !left().isZero());
		}
		finally {
			threads.shutdown();
		}
		return this.reports;
	}

	private FlushReport report(WriteBehind queue) {
		return this.reports.getOrDefault(queue, FlushReport.NOTHING);
	}

	/** Flushes all at once, and returns how much was written. */
	private long round(List<WriteBehind> queues, ExecutorService threads) {
		Map<WriteBehind, Future<FlushReport>> flushes = new LinkedHashMap<>();
		queues.forEach((queue) -> flushes.put(queue, threads.submit(() -> queue.flushLast(this))));
		long written = 0;
		for (Map.Entry<WriteBehind, Future<FlushReport>> flush : flushes.entrySet()) {
			FlushReport report = outcome(flush.getKey(), flush.getValue());
			this.reports.put(flush.getKey(), report);
			written += report.written();
		}
		return written;
	}

	private FlushReport outcome(WriteBehind queue, Future<FlushReport> flush) {
		try {
			return get(flush);
		}
		catch (TimeoutException ex) {
			return FlushReport
				.interrupted(new TimeoutException("The database or the journal needed more than " + this.limit))
				.withRemaining(queue.remainingAtOnce());
		}
		catch (ExecutionException ex) {
			return FlushReport.interrupted(ex).withRemaining(queue.remainingAtOnce());
		}
	}

	private FlushReport get(Future<FlushReport> flush) throws ExecutionException, TimeoutException {
		while (true) {
			try {
				return flush.get(left().toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
			}
		}
	}

	/** Waits for the end of a thread, within what is left of the limit. */
	void awaitEnd(Thread thread) {
		do {
			try {
				// Zero would be for ever.
				thread.join(Math.max(1, left().toMillis()));
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
			}
		}
		while (thread.isAlive() && !left().isZero());
	}

	@Override
	public void close() {
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
