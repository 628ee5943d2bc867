package io.strates.snapshot;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after another, on the thread of whoever posts first; who posts meanwhile
 * does not wait.
 */
final class Mailbox {

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger posted = new AtomicInteger();

	private final Runnable afterwards;

	private final Consumer<Throwable> failed;

	/**
	 * Creates a mailbox.
	 * @param afterwards runs as a task whenever all tasks that are there have run
	 * @param failed is told of a task that throws; the others run all the same
	 */
	Mailbox(Runnable afterwards, Consumer<Throwable> failed) {
		this.afterwards = afterwards;
		this.failed = failed;
	}

	void post(Runnable task) {
		this.tasks.add(task);
		if (this.posted.getAndIncrement() != 0) {
			return;
		}
		int taken = 1;
		while (taken != 0) {
			for (Runnable next = this.tasks.poll(); next != null; next = this.tasks.poll()) {
				run(next);
			}
			run(this.afterwards);
			taken = this.posted.addAndGet(-taken);
		}
	}

	private void run(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | Error ex) {
			this.failed.accept(ex);
		}
	}

}
