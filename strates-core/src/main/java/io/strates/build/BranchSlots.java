package io.strates.build;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The places of branches that run at a time, shared by all builds of a service.
 */
/*
 * Whoever comes first gets the next free place, one branch at a time: a build with many
 * branches cannot keep another one waiting until all of them have run. A branch that runs
 * branches itself only waits meanwhile, so it lends its place; otherwise branches that
 * hold all places could wait for branches that get none.
 */
final class BranchSlots {

	private final int size;

	private final Semaphore free;

	// One for each service: nothing is shared by statics.
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable Boolean> held = new ThreadLocal<>();

	BranchSlots(int size) {
		this.size = size;
		this.free = new Semaphore(size, true);
	}

	int size() {
		return this.size;
	}

	/** Does work in a place of its own, when there is one. */
	void occupy(Runnable work) throws InterruptedException {
		this.free.acquire();
		this.held.set(true);
		try {
			work.run();
		}
		finally {
			this.held.remove();
			this.free.release();
		}
	}

	/** Waits, and leaves the place of the current thread to others, if it has one. */
	boolean lend(BooleanSupplier wait) {
		if (this.held.get() == null) {
			return wait.getAsBoolean();
		}
		this.held.remove();
		this.free.release();
		try {
			return wait.getAsBoolean();
		}
		finally {
			this.free.acquireUninterruptibly();
			this.held.set(true);
		}
	}

}
