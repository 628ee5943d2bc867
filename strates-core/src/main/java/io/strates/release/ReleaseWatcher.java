package io.strates.release;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Tells this node of every release, whoever made it, each once and in order.
 *
 * <p>
 * <b>Consistency:</b> a release is told of after its commit: at once if this node made
 * it, else when the channel brings news or the next poll finds it. <b>Concurrency:</b>
 * thread-safe; listeners are called by one thread at a time, either one that releases or
 * the watcher's own, and whoever comes second does not wait. <b>Lifecycle:</b> created
 * and closed by whoever puts the services together; tells of what is released after
 * {@link #start()}. {@link #close()} waits a few seconds for a look in flight and closes
 * the channel; closing twice is harmless. <b>Failures:</b> a look, a listener or an
 * announcement that fails is logged and changes no release; a failed look is repeated
 * with the next poll. A release is told of at most once, and not after a crash.
 *
 * @since 0.1.0
 */
/*
 * The database is the only truth. A message on the channel, and every (re)connection of
 * it, only causes a look at the pointers; so does the clock. A look compares each pointer
 * with the release number that this node has told of, reads the log rows between, and
 * tells of them.
 *
 * Usually a look reads only the pointers that moved since shortly before the newest one
 * seen, by the times in the rows: so a node that was suspended for an hour misses
 * nothing, whatever its own clock says. OVERLAP allows for transactions that commit late
 * and for a clock of the database that was set back. What exceeds it is found by a look
 * at all pointers, which comes once per OVERLAP, after a failed look, and with any news
 * from the channel.
 *
 * Listeners run outside the transaction that has just committed: a transaction of theirs
 * would otherwise join it and never be committed.
 *
 * The lock guards only what is told and what is to be told: no statement and no listener
 * runs under it. What is to be told is told by one thread at a time, the one that came
 * first. A thread that comes later leaves its release with that one and returns, so that
 * a listener may wait for a thread that releases.
 *
 * It is one thing because looking, noting and telling share the numbers that were told:
 * taken apart, each part would need the lock and the map of the others.
 */
public final class ReleaseWatcher implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ReleaseWatcher.class);

	private static final Duration OVERLAP = Duration.ofMinutes(15);

	private static final long TICK_MILLIS = 50;

	private static final Duration CLOSING = Duration.ofSeconds(5);

	private final ReleaseTable releases;

	private final TransactionOperations transaction;

	private final @Nullable ReleaseChannel channel;

	private final Duration pollInterval;

	private final int looksPerOverlap;

	private final List<ReleaseListener> listeners;

	private final List<ReleaseListener> keepers = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService thread;

	/** The newest release told of or about to be, by scope id; guarded by itself. */
	private final Map<Key, Long> told = new HashMap<>();

	/** What listeners are told next; guarded by the above. */
	private final Deque<Release> untold = new ArrayDeque<>();

	/** Whether a thread is telling; guarded by the above. */
	private boolean telling;

	private final AtomicBoolean lookPending = new AtomicBoolean();

	private final AtomicBoolean lookAtAll = new AtomicBoolean(true);

	private final ScheduledExecutorService clock;

	/**
	 * The time at the last tick. Reading the system's costs as much as the read of a
	 * value.
	 */
	private volatile long now;

	private volatile boolean started;

	/** By {@code System.nanoTime()}; meaningless before the start. */
	private volatile long lastLook;

	private volatile @Nullable Instant newest;

	private int looks;

	/**
	 * Creates a watcher that does nothing until it is started.
	 * @param releases the pointers and their log
	 * @param transaction runs a transaction of its own
	 * @param channel carries the news between nodes, or {@code null} to rely on the clock
	 * @param pollInterval how often to look at the pointers in any case
	 * @param listeners told of every release
	 */
	public ReleaseWatcher(ReleaseTable releases, TransactionOperations transaction, @Nullable ReleaseChannel channel,
			Duration pollInterval, List<ReleaseListener> listeners) {
		this.releases = releases;
		this.transaction = transaction;
		this.channel = channel;
		this.pollInterval = pollInterval;
		this.looksPerOverlap = (int) Math.max(1, OVERLAP.toMillis() / Math.max(1, pollInterval.toMillis()));
		this.listeners = List.copyOf(listeners);
		this.thread = daemon("strates-releases");
		// Apart, since a look may hang for as long as the database does.
		this.clock = daemon("strates-clock");
	}

	private static ScheduledExecutorService daemon(String name) {
		return Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Notes what is live now and begins to watch.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // a look reports its own failure
	public void start() {
		List<Release> live = pointers(true);
		live.forEach(this::known);
		synchronized (this.told) {
			live.forEach((release) -> this.told.put(Key.of(release), release.number()));
		}
		this.now = System.nanoTime();
		this.lastLook = this.now;
		this.clock.scheduleAtFixedRate(() -> this.now = System.nanoTime(), TICK_MILLIS, TICK_MILLIS,
				TimeUnit.MILLISECONDS);
		this.lookAtAll.set(false);
		this.started = true;
		if (this.channel != null) {
			this.channel.listen(this::news);
		}
		long period = this.pollInterval.toMillis();
		this.thread.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
	}

	/**
	 * Returns how long it is since this node has seen the pointers: much longer than the
	 * poll interval means that it does not learn of releases.
	 * @return the time since the last look that succeeded, or {@code null} before the
	 * start
	 */
	public @Nullable Duration sinceLastLook() {
		return this.started ? Duration.ofNanos(System.nanoTime() - this.lastLook) : null;
	}

	/**
	 * Returns what tells whether this node has seen the pointers of late, at little cost:
	 * by a clock that runs up to {@value #TICK_MILLIS} ms late.
	 * @param staleness how late; zero for never
	 * @return whether the last look that succeeded is not longer past
	 */
	public BooleanSupplier inTouch(Duration staleness) {
		long limit = staleness.toNanos();
		return (limit <= 0) ? () -> false : () -> this.started && this.now - this.lastLook <= limit;
	}

	/**
	 * Has somebody who keeps pointers told of each release as soon as this node knows of
	 * it, before any listener and without order: a smaller number may come after a
	 * larger.
	 * @param pointers told by the thread that learns of a release; must not block
	 */
	public void onceKnown(ReleaseListener pointers) {
		this.keepers.add(pointers);
	}

	private void known(Release release) {
		this.keepers.forEach((keeper) -> keeper.released(release));
	}

	/**
	 * Tells of a release that this node has just committed, and the other nodes. Returns
	 * when it is told, unless another thread is telling, which then tells of it, or
	 * earlier releases are not known here yet, which the watcher's thread looks up.
	 */
	void committed(Release release) {
		known(release);
		announce(release);
		if (!this.started) {
			return;
		}
		if (isNext(release)) {
			tell();
		}
		else {
			news();
		}
	}

	private boolean isNext(Release release) {
		synchronized (this.told) {
			if (release.number() != lastTold(release) + 1) {
				return false;
			}
			enqueue(release);
			return true;
		}
	}

	/**
	 * Has the watcher's thread tell of a release that was committed with the transaction
	 * around it, which still holds the caller's thread.
	 */
	void committedAround(Release release) {
		known(release);
		announce(release);
		if (this.started) {
			news();
		}
	}

	private void announce(Release release) {
		if (this.channel == null) {
			return;
		}
		try {
			this.channel.announce(release);
		}
		catch (RuntimeException ex) {
			logger.warn("{} was not announced; other nodes find it within {}: {}", release.describe(),
					this.pollInterval, ex.toString());
		}
	}

	private void news() {
		this.lookAtAll.set(true);
		if (this.lookPending.compareAndSet(false, true)) {
			try {
				this.thread.execute(this::look);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("News after the watcher was closed");
			}
		}
	}

	private void look() {
		this.lookPending.set(false);
		boolean all = this.lookAtAll.getAndSet(false) || ++this.looks % this.looksPerOverlap == 0;
		try {
			for (Release live : pointers(all)) {
				known(live);
				catchUp(live);
			}
			this.lastLook = System.nanoTime();
		}
		catch (RuntimeException ex) {
			this.lookAtAll.set(true);
			logger.warn("The release pointers could not be read; the next look is in {}: {}", this.pollInterval,
					ex.toString());
		}
		catch (Throwable ex) {
			// It would end the schedule for good.
			this.lookAtAll.set(true);
			logger.error("A look at the release pointers failed; the next is in {}", this.pollInterval, ex);
		}
	}

	private List<Release> pointers(boolean all) {
		Instant known = this.newest;
		List<Release> pointers = Objects.requireNonNull(this.transaction.execute((transaction) -> (all || known == null)
				? this.releases.pointers() : this.releases.pointers(known, OVERLAP)));
		this.newest = pointers.stream()
			.map(Release::releasedAt)
			.reduce(known, (first, second) -> (first == null || second.isAfter(first)) ? second : first);
		return pointers;
	}

	private void catchUp(Release live) {
		long last;
		synchronized (this.told) {
			last = lastTold(live);
		}
		if (live.number() <= last) {
			return;
		}
		List<Release> missed = Objects.requireNonNull(
				this.transaction.execute((transaction) -> this.releases.after(live.scope(), live.scopeId(), last)));
		synchronized (this.told) {
			missed.stream().filter((release) -> release.number() > lastTold(release)).forEach(this::enqueue);
		}
		tell();
	}

	private long lastTold(Release release) {
		return this.told.getOrDefault(Key.of(release), 0L);
	}

	private void enqueue(Release release) {
		this.told.put(Key.of(release), release.number());
		this.untold.add(release);
	}

	/**
	 * Tells what is to be told, unless a thread does so already, which may be this one: a
	 * listener that releases in turn is told of that when all know of this release.
	 */
	private void tell() {
		boolean first = true;
		for (Release next = next(first); next != null; next = next(first)) {
			first = false;
			tellListeners(next);
		}
	}

	/** Returns what this thread tells next; with the last one it ceases to tell. */
	private @Nullable Release next(boolean first) {
		synchronized (this.told) {
			if (first && this.telling) {
				return null;
			}
			Release next = this.untold.poll();
			this.telling = next != null;
			return next;
		}
	}

	private void tellListeners(Release release) {
		for (ReleaseListener listener : this.listeners) {
			try {
				listener.released(release);
			}
			catch (RuntimeException | Error ex) {
				// An error too: it would end the poll for good.
				logger.warn("Release listener {} failed on {}; the release stands", listener, release.describe(), ex);
			}
		}
	}

	/** Lets a look in flight end, before the database goes away under it. */
	@Override
	public void close() {
		this.clock.shutdownNow();
		this.thread.shutdown();
		try {
			if (!this.thread.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
				this.thread.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			this.thread.shutdownNow();
			Thread.currentThread().interrupt();
		}
		if (this.channel != null) {
			this.channel.close();
		}
	}

	private record Key(String scope, String scopeId) {

		static Key of(Release release) {
			return new Key(release.scope(), release.scopeId());
		}

	}

}
