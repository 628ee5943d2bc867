package io.strates.cache.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends what Redis does not answer in time, a little late.
 */
/*
 * A timer per call wakes the thread of the timer for each, which takes longer than what
 * it watches. All calls have the same time limit, and so stand in the order of their
 * ends; one thread looks at the first of them a few times within the limit.
 */
final class Deadlines implements AutoCloseable {

	private static final int LOOKS = 8;

	private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();

	private final long limit;

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
			(task) -> RedisCoherentTier.daemon(task, "strates-coherence-timer"));

	@SuppressWarnings("FutureReturnValueIgnored")
	Deadlines(Duration limit) {
		this.limit = limit.toNanos();
		long interval = Math.max(1, this.limit / LOOKS);
		this.timer.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.NANOSECONDS);
	}

	/** An answer that is awaited, and when it is too late for it. */
	private record Watched(CompletableFuture<?> answer, long end) {
	}

	/** Returns the answer, which fails if it does not come in time. */
	<T> CompletableFuture<T> watch(CompletableFuture<T> answer) {
		if (!answer.isDone()) {
			this.watched.add(new Watched(answer, System.nanoTime() + this.limit));
			if (this.timer.isShutdown()) {
				failAll();
			}
		}
		return answer;
	}

	private void look() {
		long now = System.nanoTime();
		for (Watched first = this.watched.peek(); first != null; first = this.watched.peek()) {
			if (!first.answer().isDone() && first.end() - now > 0) {
				return;
			}
			this.watched.remove(first);
			first.answer().completeExceptionally(new TimeoutException());
		}
	}

	private void failAll() {
		for (Watched next = this.watched.poll(); next != null; next = this.watched.poll()) {
			next.answer().completeExceptionally(new TimeoutException());
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		failAll();
	}

}
