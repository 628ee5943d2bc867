package io.strates.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls of one source try to get a slot at the same time; others wait here,
 * where it costs nothing, in the order in which they came.
 */
final class Dispatcher {

	private final int window;

	private final Deque<SourceCall> waiting = new ArrayDeque<>();

	private int active;

	private boolean draining;

	Dispatcher(int window) {
		this.window = window;
	}

	void submit(SourceCall call) {
		synchronized (this) {
			if (this.active >= this.window) {
				this.waiting.add(call);
				return;
			}
			this.active++;
		}
		call.attempt();
	}

	/**
	 * A call has ended, or waits until it is tried again. Who lets others begin does so
	 * in a loop: calls that end at once would otherwise end within each other.
	 */
	void ended() {
		synchronized (this) {
			this.active--;
			if (this.draining) {
				return;
			}
			this.draining = true;
		}
		SourceCall next = next();
		while (next != null) {
			next.attempt();
			next = next();
		}
	}

	private synchronized @Nullable SourceCall next() {
		SourceCall next = (this.active < this.window) ? this.waiting.poll() : null;
		if (next == null) {
			this.draining = false;
			return null;
		}
		this.active++;
		return next;
	}

	synchronized boolean remove(SourceCall call) {
		return this.waiting.remove(call);
	}

	synchronized int active() {
		return this.active;
	}

}
