package io.strates.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.strates.cache.TierUnavailableException;
import io.strates.store.FlushTable.Lease;
import io.strates.store.WriteJournal.Begun;
import io.strates.store.WriteJournal.Counts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the queued writes of one store from its journal into the database: after an
 * interval, when many are pending, or when asked.
 *
 * <p>
 * <b>Atomicity:</b> see {@link Drain}. <b>Concurrency:</b> thread-safe; one flush at a
 * time on all nodes together. <b>Lifecycle:</b> flushes by itself from {@link #start()}
 * to {@link #close()} or {@link #closeAll}, which close the journal too.
 */
final class WriteBehind implements WriteQueue, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WriteBehind.class);

	private static final Duration PAUSE = Duration.ofMillis(50);

	private final String store;

	private final String owner = UUID.randomUUID().toString();

	private final WriteJournal journal;

	private final BatchTarget target;

	private final FlushTable table;

	private final WriteBehindSettings settings;

	private final WriteBehindListener listener;

	private final Pace pace;

	private final Intake intake;

	/** Held while a flush runs. */
	private final ReentrantLock flushing = new ReentrantLock();

	private final ReentrantLock waking = new ReentrantLock();

	private final Condition woken = this.waking.newCondition();

	private volatile boolean closing;

	private volatile boolean asked;

	private volatile @Nullable Throwable outage;

	/** When to look next; this and the next two are the flushing thread's alone. */
	private Instant next;

	private Instant notBefore = Instant.MIN;

	private int failures;

	/** Until when something that the database refused waits; guarded by flushing. */
	private Instant retrying = Instant.MIN;

	private volatile @Nullable Thread thread;

	WriteBehind(String store, WriteJournal journal, BatchTarget target, FlushTable table, WriteBehindSettings settings,
			WriteBehindListener listener, Pace pace) {
		this.store = store;
		this.journal = journal;
		this.target = target;
		this.table = table;
		this.settings = settings;
		this.listener = listener;
		this.pace = pace;
		this.next = pace.now().plus(settings.interval());
		this.intake = new Intake(store, this.owner, journal, settings, pace, this::wake, () -> this.outage);
	}

	/** Begins to flush by itself, at once if something was left in the journal. */
	void start() {
		long remaining = remaining();
		if (remaining != 0) {
			// A journal that connects in the background gets a moment to do so.
			this.next = (remaining > 0) ? this.pace.now() : this.pace.now().plus(this.settings.firstDelay());
		}
		Thread started = new Thread(this::run, "strates-write-behind-" + this.store);
		started.setDaemon(true);
		this.thread = started;
		started.start();
	}

	private void run() {
		while (!this.closing) {
			Duration idle;
			try {
				idle = tick();
			}
			catch (RuntimeException | Error ex) {
				// It would end the thread for good.
				logger.error("Queued writes of store '{}' were not flushed", this.store, ex);
				idle = this.settings.longestDelay();
			}
			await(idle);
		}
	}

	// Who wakes too early only looks once more.
	@SuppressWarnings("WaitNotInLoop")
	private void await(Duration idle) {
		this.waking.lock();
		try {
			// After a failure it is of no use to ask, until the delay is over.
			if (!this.closing && (!this.asked || this.failures > 0)) {
				this.woken.awaitNanos(idle.toNanos());
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Nobody but close() ends the thread of store '{}'", this.store);
		}
		finally {
			this.waking.unlock();
		}
	}

	private void wake() {
		this.waking.lock();
		try {
			this.asked = true;
			this.woken.signalAll();
		}
		finally {
			this.waking.unlock();
		}
	}

	/**
	 * Flushes if it is time to, and returns how long it is to the next time.
	 */
	Duration tick() {
		Instant now = this.pace.now();
		if (!now.isBefore(this.notBefore) && (this.asked || !now.isBefore(this.next))) {
			this.asked = false;
			this.flushing.lock();
			try {
				plan(drain(false));
			}
			finally {
				this.flushing.unlock();
			}
			now = this.pace.now();
		}
		Instant time = this.next.isBefore(this.notBefore) ? this.notBefore : this.next;
		return time.isAfter(now) ? Duration.between(now, time) : Duration.ZERO;
	}

	private void plan(FlushReport report) {
		Instant now = this.pace.now();
		if (report.outage() != null) {
			this.failures++;
			this.notBefore = now.plus(delayAfter(this.failures));
			this.next = this.notBefore;
			return;
		}
		this.failures = 0;
		this.notBefore = Instant.MIN;
		boolean soon = !now.isAfter(this.retrying)
				&& this.settings.firstDelay().compareTo(this.settings.interval()) < 0;
		this.next = now.plus(soon ? this.settings.firstDelay() : this.settings.interval());
		if (report.written() > 0 && report.remaining() >= this.settings.threshold()) {
			this.asked = true;
		}
	}

	/** Under the lock of flushes. */
	private FlushReport drain(boolean all) {
		FlushReport report;
		try {
			report = (this.journal.counts().pending() == 0) ? FlushReport.NOTHING : drainLeased(all);
		}
		catch (RuntimeException ex) {
			report = FlushReport.interrupted(ex).withRemaining(remaining());
		}
		note(report.outage());
		return report;
	}

	private FlushReport drainLeased(boolean all) {
		Lease lease = this.table.acquire(this.store, this.owner, this.settings.lease());
		if (lease == null) {
			return FlushReport.ELSEWHERE;
		}
		Begun begun = this.journal.begin(lease.fence(), lease.applied(), all);
		if (begun.fence() != lease.fence()) {
			lease = this.table.raise(lease, begun.fence() + 1);
			if (lease == null) {
				return FlushReport.ELSEWHERE;
			}
			begun = this.journal.begin(lease.fence(), lease.applied(), all);
		}
		FlushReport report = new Drain(this, this.journal, this.target, this.table, this.settings, lease, begun.mark(),
				this.pace.now())
			.run();
		return report.withRemaining(remaining());
	}

	/** Returns how many ids are pending, or -1 if that is not known. */
	long remaining() {
		try {
			return this.journal.counts().pending();
		}
		catch (TierUnavailableException ex) {
			return -1;
		}
	}

	/** Returns how many ids are pending, or -1 if one would have to wait for that. */
	long remainingAtOnce() {
		return this.journal.durable() ? -1 : remaining();
	}

	private void note(@Nullable Throwable failure) {
		if (failure instanceof TierUnavailableException && this.outage == null) {
			logger.warn(
					"Queued writes of store '{}' cannot be flushed until their journal answers, and stay queued: {}",
					this.store, failure.getMessage());
		}
		else if (failure != null && this.outage == null) {
			logger.warn("Queued writes of store '{}' cannot be flushed; they stay queued, and this goes on until it"
					+ " succeeds", this.store, failure);
		}
		else if (failure == null && this.outage != null) {
			logger.info("Queued writes of store '{}' are flushed again", this.store);
		}
		this.outage = failure;
	}

	/** Between three and five quarters of the first delay, doubled with each failure. */
	private Duration delayAfter(int failed) {
		long millis = this.settings.firstDelay().toMillis() << Math.min(failed - 1, 20);
		long bounded = Math.min(Math.max(1, millis), this.settings.longestDelay().toMillis());
		return Duration.ofMillis((long) Math.ceil(bounded * (0.75 + this.pace.chance() / 2)));
	}

	/** When to try again what was refused. */
	Instant retryAfter(int attempts) {
		Instant due = this.pace.now().plus(delayAfter(attempts));
		if (due.isAfter(this.retrying)) {
			this.retrying = due;
		}
		return due;
	}

	void gaveUp(DeadLetter letter, Throwable cause) {
		logger.error("The database refused the write of {} in store '{}' {} times; it is a dead letter now",
				letter.write().id(), this.store, letter.attempts(), cause);
		try {
			this.listener.gaveUp(this.store, letter, cause);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed to hear of the dead letter of {} in store '{}'", letter.write().id(),
					this.store, ex);
		}
	}

	@Override
	public void enqueue(List<QueuedWrite> writes) {
		this.intake.enqueue(writes);
	}

	@Override
	public Map<String, QueuedWrite> pending(Collection<String> ids) {
		return this.journal.pending(ids);
	}

	@Override
	public void settle(Collection<String> ids) {
		if (this.journal.pending(ids).isEmpty()) {
			return;
		}
		FlushReport report = flushWithin(this.settings.flushLimit());
		boolean reached = report.outage() == null && !report.heldElsewhere()
				&& report.refused().stream().noneMatch(ids::contains);
		if (!reached) {
			throw new FlushFailedException(this.store, report);
		}
	}

	@Override
	public void flush() {
		FlushReport report = flushWithin(this.settings.flushLimit());
		if (!report.complete()) {
			throw new FlushFailedException(this.store, report);
		}
	}

	/** Flushes what was queued before further writes were refused. */
	FlushReport flushLast(LastFlush flush) {
		this.intake.awaitThoseWhoQueue(flush.left());
		return flushWithin(flush.left());
	}

	FlushReport flushWithin(Duration limit) {
		Instant deadline = this.pace.now().plus(limit);
		FlushReport report;
		do {
			report = flushOnce(limit);
			if (report.heldElsewhere()) {
				this.pace.pause(PAUSE);
			}
		}
		while (report.heldElsewhere() && this.pace.now().isBefore(deadline) && !Thread.currentThread().isInterrupted());
		return report.heldElsewhere() ? report.withRemaining(remaining()) : report;
	}

	private FlushReport flushOnce(Duration limit) {
		try {
			if (!this.flushing.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
				return FlushReport.ELSEWHERE;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return FlushReport.interrupted(ex);
		}
		try {
			FlushReport report = drain(true);
			if (!report.refused().isEmpty()) {
				// Lets the thread of this queue see when they are due.
				wake();
			}
			return report;
		}
		finally {
			this.flushing.unlock();
		}
	}

	@Override
	public Counts counts() {
		return this.journal.counts();
	}

	@Override
	public void close() {
		closeAll(List.of(this));
	}

	/**
	 * Refuses further writes in several stores, flushes them together within the longest
	 * of their limits, and ends. Leaves those alone that are closed already.
	 * @return what remains of each of the others
	 */
	static Map<WriteBehind, FlushReport> closeAll(Collection<WriteBehind> queues) {
		List<WriteBehind> open = queues.stream().filter(WriteBehind::refuse).toList();
		Duration limit = open.stream()
			.map((queue) -> queue.settings.closeLimit())
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
		try (LastFlush flush = new LastFlush(open, limit)) {
			Map<WriteBehind, FlushReport> reports = flush.run();
			reports.forEach((queue, report) -> queue.end(report, flush));
			return reports;
		}
	}

	/** Refuses further writes, and returns whether it did not before. */
	private synchronized boolean refuse() {
		boolean first = !this.closing;
		this.closing = true;
		this.intake.close();
		wake();
		return first;
	}

	private void end(FlushReport report, LastFlush flush) {
		tellWhatRemains(report);
		Thread started = this.thread;
		if (started != null && !started.equals(Thread.currentThread())) {
			flush.awaitEnd(started);
		}
		this.journal.close();
	}

	private void tellWhatRemains(FlushReport report) {
		if (report.complete()) {
			return;
		}
		FlushFailedException failure = new FlushFailedException(this.store, report);
		if (this.journal.durable()) {
			logger.warn("Store '{}' is closed with writes in its journal; another node or the next start flushes them",
					this.store, failure);
		}
		else {
			logger.error("Store '{}' is closed, and these writes are lost, since its journal is not durable: {}",
					this.store, this.journal.queued(Integer.MAX_VALUE), failure);
		}
	}

}
