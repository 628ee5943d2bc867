package io.strates.snapshot;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after another, on the thread of whoever posts first; who posts meanwhile
 * does not wait.
 */
final class Mailbox {

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger posted = new AtomicInteger();

	private final Runnable afterwards;

	/**
	 * Creates a mailbox.
	 * @param afterwards runs as a task whenever all tasks that are there have run
	 */
	Mailbox(Runnable afterwards) {
		this.afterwards = afterwards;
	}

	void post(Runnable task) {
		this.tasks.add(task);
		if (this.posted.getAndIncrement() != 0) {
			return;
		}
		int taken = 1;
		while (taken != 0) {
			for (Runnable next = this.tasks.poll(); next != null; next = this.tasks.poll()) {
				next.run();
			}
			this.afterwards.run();
			taken = this.posted.addAndGet(-taken);
		}
	}

}
