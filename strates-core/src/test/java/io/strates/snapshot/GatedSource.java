package io.strates.snapshot;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A source whose calls wait until a test lets them answer, each with its number.
 */
final class GatedSource implements SingleSource<Integer> {

	private final String name;

	private final SourceOptions options;

	private final boolean interruptible;

	private final Semaphore started = new Semaphore(0);

	private final Semaphore answers = new Semaphore(0);

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger peak = new AtomicInteger();

	final ConcurrentLinkedQueue<ResourceKey<Integer>> calls = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private GatedSource(String name, SourceOptions options, boolean interruptible) {
		this.name = name;
		this.options = options;
		this.interruptible = interruptible;
	}

	static GatedSource of(String name, SourceOptions options) {
		return new GatedSource(name, options, true);
	}

	/** One whose calls go on when they are interrupted. */
	static GatedSource stubborn(String name, SourceOptions options) {
		return new GatedSource(name, options, false);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public ResourceType<Integer> type() {
		return Scene.NUMBER;
	}

	@Override
	public SourceOptions options() {
		return this.options;
	}

	@Override
	public SourcePayload<Integer> fetch(ResourceKey<Integer> key, FetchContext context) throws InterruptedException {
		return SourcePayload.of(pass(key));
	}

	/** Waits as a call does, and returns its number. */
	int pass(ResourceKey<Integer> key) throws InterruptedException {
		this.calls.add(key);
		int number = this.count.incrementAndGet();
		this.peak.accumulateAndGet(this.running.incrementAndGet(), Math::max);
		this.started.release();
		try {
			if (this.interruptible) {
				this.answers.acquire();
			}
			else {
				this.answers.acquireUninterruptibly();
			}
			return number;
		}
		finally {
			this.running.decrementAndGet();
		}
	}

	/** Waits until more calls have begun. */
	GatedSource awaitStarted(int number) throws InterruptedException {
		assertThat(this.started.tryAcquire(number, 30, TimeUnit.SECONDS)).as("calls of " + this.name).isTrue();
		return this;
	}

	/** Lets calls answer, those to come included. */
	void answer(int number) {
		this.answers.release(number);
	}

	/** Returns how many calls ran at the same time at most. */
	int peak() {
		return this.peak.get();
	}

	int running() {
		return this.running.get();
	}

}
