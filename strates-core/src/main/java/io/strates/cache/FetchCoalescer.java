package io.strates.cache;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Gathers single keys that many threads want at once into few round trips.
 */
/*
 * One thread leads: it takes all requests that wait and fetches them in one round trip,
 * again and again until its own is answered. Then it makes a thread that waits the next
 * leader, whose request is still in the queue. A thread alone leads at once and fetches
 * its one key: nobody waits for a batch to fill. Since a fetch is bounded in time, so is
 * every wait.
 */
final class FetchCoalescer {

	private static final int MAX_BATCH = 512;

	private final Function<List<String>, List<byte @Nullable []>> tier;

	private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean led = new AtomicBoolean();

	FetchCoalescer(Function<List<String>, List<byte @Nullable []>> tier) {
		this.tier = tier;
	}

	byte @Nullable [] fetch(String key) {
		Request request = new Request(key);
		this.waiting.add(request);
		if (this.led.compareAndSet(false, true) || request.awaitTurn()) {
			lead(request);
		}
		return request.answer();
	}

	/** Returns how many keys nobody has asked the tier for yet. */
	int waiting() {
		return this.waiting.size();
	}

	private void lead(Request own) {
		try {
			while (!own.answered) {
				fetchWaiting();
			}
		}
		finally {
			stepDown();
		}
	}

	private void fetchWaiting() {
		List<Request> batch = new ArrayList<>();
		for (Request next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			batch.add(next);
			if (batch.size() == MAX_BATCH) {
				break;
			}
		}
		try {
			Iterator<byte @Nullable []> values = this.tier.apply(batch.stream().map((request) -> request.key).toList())
				.iterator();
			batch.forEach((request) -> request.answer(values.next(), null));
		}
		catch (RuntimeException | Error ex) {
			batch.forEach((request) -> request.answer(null, ex));
		}
	}

	private void stepDown() {
		Request next = this.waiting.peek();
		if (next != null) {
			next.turn.complete(true);
			return;
		}
		this.led.set(false);
		if (!this.waiting.isEmpty() && this.led.compareAndSet(false, true)) {
			stepDown();
		}
	}

	/** One thread's wish. */
	private static final class Request {

		private final String key;

		/** Whether the thread is to lead; if not, it is answered. */
		private final CompletableFuture<Boolean> turn = new CompletableFuture<>();

		private volatile boolean answered;

		private byte @Nullable [] value;

		private @Nullable Throwable failure;

		Request(String key) {
			this.key = key;
		}

		boolean awaitTurn() {
			return this.turn.join();
		}

		void answer(byte @Nullable [] value, @Nullable Throwable failure) {
			this.value = value;
			this.failure = failure;
			this.answered = true;
			this.turn.complete(false);
		}

		byte @Nullable [] answer() {
			if (this.failure instanceof TierUnavailableException unavailable) {
				throw new TierUnavailableException(String.valueOf(unavailable.getMessage()), unavailable);
			}
			if (this.failure != null) {
				throw new IllegalStateException("The second tier failed on key " + this.key, this.failure);
			}
			return this.value;
		}

	}

}
