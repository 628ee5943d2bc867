package io.strates.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the writes of one store into its journal. Whoever writes waits for some time
 * while that is full or does not answer.
 */
final class Intake {

	/** At most how many writes are queued as one. */
	static final int CHUNK = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(WriteBehind.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

	private final String store;

	private final String owner;

	private final WriteJournal journal;

	private final WriteBehindSettings settings;

	private final Pace pace;

	private final Runnable wake;

	private final Supplier<@Nullable Throwable> outage;

	private final AtomicLong requests = new AtomicLong();

	/** Read while a write is queued, so that none comes after the last flush. */
	private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

	private volatile boolean closing;

	/**
	 * Creates an intake.
	 * @param store the store
	 * @param owner names this node unlike any other
	 * @param journal takes the writes
	 * @param settings how many it takes, and how long a write waits
	 * @param pace tells the time
	 * @param wake called when it is time to flush
	 * @param outage why nothing is flushed, if nothing is
	 */
	Intake(String store, String owner, WriteJournal journal, WriteBehindSettings settings, Pace pace, Runnable wake,
			Supplier<@Nullable Throwable> outage) {
		this.store = store;
		this.owner = owner;
		this.journal = journal;
		this.settings = settings;
		this.pace = pace;
		this.wake = wake;
		this.outage = outage;
	}

	void enqueue(List<QueuedWrite> writes) {
		for (int from = 0; from < writes.size(); from += CHUNK) {
			List<QueuedWrite> rest = writes.subList(from, writes.size());
			this.gate.readLock().lock();
			try {
				enqueue(rest.subList(0, Math.min(CHUNK, rest.size())), rest);
			}
			finally {
				this.gate.readLock().unlock();
			}
		}
	}

	/** Queues a chunk; if that fails, the rest is not queued either. */
	private void enqueue(List<QueuedWrite> chunk, List<QueuedWrite> rest) {
		String request = this.owner + "." + this.requests.incrementAndGet();
		Instant start = this.pace.now();
		RuntimeException away = null;
		boolean unconfirmed = false;
		Duration pause = FIRST_PAUSE;
		while (!this.closing) {
			try {
				long depth = this.journal.enqueue(request, chunk, this.settings.capacity());
				if (depth != WriteJournal.FULL) {
					if (depth >= this.settings.threshold()) {
						this.wake.run();
					}
					return;
				}
				away = null;
				unconfirmed = false;
				this.wake.run();
			}
			catch (TierUnavailableException ex) {
				away = ex;
			}
			catch (WriteUnconfirmedException ex) {
				away = ex;
				unconfirmed = true;
			}
			if (Thread.currentThread().isInterrupted()
					|| !this.pace.now().isBefore(start.plus(this.settings.patience()))) {
				break;
			}
			this.pace.pause(pause);
			pause = (pause.compareTo(LONGEST_PAUSE) < 0) ? pause.multipliedBy(2) : LONGEST_PAUSE;
		}
		List<String> ids = rest.stream().map(QueuedWrite::id).distinct().toList();
		Duration waited = Duration.between(start, this.pace.now());
		if (unconfirmed) {
			throw new WriteUnconfirmedException(this.store, ids, away);
		}
		if (this.closing) {
			throw WriteRefusedException.closed(this.store, ids);
		}
		throw (away != null) ? WriteRefusedException.away(this.store, ids, waited, away)
				: WriteRefusedException.full(this.store, ids, this.settings.capacity(), waited, this.outage.get());
	}

	/** Refuses further writes. */
	void close() {
		this.closing = true;
	}

	/**
	 * Afterwards, whoever is queuing has seen that this is closing, or is done, unless
	 * that takes too long.
	 */
	void awaitThoseWhoQueue(Duration limit) {
		try {
			if (this.gate.writeLock().tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
				this.gate.writeLock().unlock();
			}
			else {
				logger.debug("Somebody still queues for store '{}', and is not waited for", this.store);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
