package io.strates.cache;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One load of one key, which other readers of the key wait for.
 *
 * @param <V> the type of what is loaded
 */
final class Flight<V> {

	private final Thread leader = Thread.currentThread();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile @Nullable V value;

	private volatile @Nullable Throwable failure;

	/** The load has ended with a value. */
	void land(V value) {
		this.value = value;
		this.ended.countDown();
	}

	/** The load has failed. */
	void crash(Throwable failure) {
		this.failure = failure;
		this.ended.countDown();
	}

	/** Waits for the end of the load; what is described is named in failures. */
	V await(Duration limit, Object described) {
		if (this.leader.equals(Thread.currentThread()) && this.ended.getCount() > 0) {
			throw new IllegalStateException("The loader of " + described + " asks for " + described
					+ " itself; read what it is made of instead");
		}
		boolean landed = false;
		try {
			landed = this.ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LoadFailedException("Interrupted while " + described + " was loaded by another thread", ex);
		}
		Throwable failed = this.failure;
		V loaded = this.value;
		if (failed != null) {
			throw new LoadFailedException(
					described + " could not be loaded by thread " + this.leader.getName() + ": " + failed, failed);
		}
		if (!landed || loaded == null) {
			throw new LoadFailedException(described + " was not loaded within " + limit + " by thread "
					+ this.leader.getName() + "; the next reader loads again", null);
		}
		return loaded;
	}

}
