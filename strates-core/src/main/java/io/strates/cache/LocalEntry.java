package io.strates.cache;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What L1 knows of a key of a coherent cache. No two entries are equal.
 */
final class LocalEntry {

	/** That there is no value is a value for L1. */
	static final Object ABSENT = new Object();

	private final Object value;

	private final EntryTags tags;

	private final long doubts;

	private final boolean leased;

	private final long since;

	private final long freshUntil;

	private final Duration kept;

	private volatile long refreshAt;

	/**
	 * Creates an entry.
	 * @param value the value, or {@link #ABSENT}
	 * @param tags its tags
	 * @param doubts how often the node had doubts before the value was read
	 * @param leased whether L2 has said that nobody was writing the key
	 * @param now the time
	 * @param settings how long it is kept
	 */
	LocalEntry(Object value, EntryTags tags, long doubts, boolean leased, long now, CacheSettings settings) {
		long lifetime = lifetime(value, settings.localTimeToLive(), settings).toNanos();
		this.value = value;
		this.tags = tags;
		this.doubts = doubts;
		this.leased = leased;
		this.since = now;
		this.freshUntil = now + lifetime;
		this.refreshAt = now + (long) (lifetime * settings.refreshAhead());
		this.kept = Duration.ofNanos(lifetime).plus(settings.maxStale());
	}

	@SuppressWarnings("ReferenceEquality") // there is one
	static boolean isAbsent(Object value) {
		return value == ABSENT;
	}

	/** Returns how long a value lives that may live for some time at most. */
	static Duration lifetime(Object value, Duration full, CacheSettings settings) {
		boolean shorter = isAbsent(value) && settings.absentTimeToLive().compareTo(full) < 0;
		Duration time = shorter ? settings.absentTimeToLive() : full;
		double part = 1 - settings.jitter() * ThreadLocalRandom.current().nextDouble();
		return Duration.ofNanos(Math.max(1, (long) (time.toNanos() * part)));
	}

	Object value() {
		return this.value;
	}

	EntryTags tags() {
		return this.tags;
	}

	long doubts() {
		return this.doubts;
	}

	boolean leased() {
		return this.leased;
	}

	Duration kept() {
		return this.kept;
	}

	long age(long now) {
		return now - this.since;
	}

	/** How much of its time is left, negative if it is over. */
	long left(long now) {
		return this.freshUntil - now;
	}

	boolean isFresh(long now) {
		return this.freshUntil - now > 0;
	}

	/** Whether it is time to load the value again; for one reader in a while. */
	boolean claimRefresh(long now) {
		if (this.refreshAt - now > 0) {
			return false;
		}
		this.refreshAt = now + TagTokens.DOUBTFUL.toNanos();
		return true;
	}

}
