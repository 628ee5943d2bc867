package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A wall clock, a monotonic clock and alarms that go on when a test says so. It begins
 * 100 seconds after the epoch.
 */
final class ManualTime implements InstantSource, Alarms {

	private static final Instant START = Instant.ofEpochSecond(100);

	private final AtomicLong nanos = new AtomicLong();

	private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(
			Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));

	private long count;

	private record Alarm(long at, long number, Runnable task) {
	}

	@Override
	public Instant instant() {
		return START.plusNanos(this.nanos.get());
	}

	long nanos() {
		return this.nanos.get();
	}

	@Override
	public synchronized Runnable after(long delay, Runnable task) {
		Alarm alarm = new Alarm(this.nanos.get() + delay, this.count++, task);
		this.alarms.add(alarm);
		return () -> {
			synchronized (this) {
				this.alarms.remove(alarm);
			}
		};
	}

	/** Lets time go on, and rings each alarm at its time. */
	void advance(Duration duration) {
		long end = this.nanos.get() + duration.toNanos();
		for (Alarm next = next(end); next != null; next = next(end)) {
			this.nanos.set(Math.max(this.nanos.get(), next.at()));
			next.task().run();
		}
		this.nanos.set(end);
	}

	private synchronized Alarm next(long end) {
		return (!this.alarms.isEmpty() && this.alarms.peek().at() <= end) ? this.alarms.poll() : null;
	}

	/** Rings what is due already. */
	void ring() {
		advance(Duration.ZERO);
	}

	synchronized List<Long> pending() {
		return new ArrayList<>(this.alarms.stream().map(Alarm::at).toList());
	}

}
