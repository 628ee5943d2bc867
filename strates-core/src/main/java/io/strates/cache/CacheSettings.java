package io.strates.cache;

import java.time.Duration;

/**
 * How long and how much a {@link CoherentCache} keeps. Each {@code with} method returns a
 * copy with one setting changed.
 *
 * @param localMaximum how many keys L1 holds at most
 * @param localTimeToLive how long L1 keeps a value
 * @param remoteTimeToLive how long L2 keeps a value
 * @param absentTimeToLive how long it is kept that a key has no value, zero for not at
 * all
 * @param jitter by which part, from 0 up to 1, times to live are shortened at random, so
 * that what was filled at once does not expire at once
 * @param loadTimeout how long a reader waits for a load
 * @param softTimeout after how long a reader takes a value whose time is over rather than
 * wait for the load, zero for never
 * @param maxStale for how long after its time a value may be served while it cannot be
 * loaded, zero for not at all
 * @param refreshAhead after which part of its time in L1 a value that is read is loaded
 * again in the background, 0 for never
 * @param oneLoadPerCluster whether one node alone loads a key that all nodes want
 * @param useLocal whether values are kept in L1
 * @param localAfterRemote whether L1 takes a written value only when L2 has confirmed it
 * @since 0.1.0
 */
public record CacheSettings(long localMaximum, Duration localTimeToLive, Duration remoteTimeToLive,
		Duration absentTimeToLive, double jitter, Duration loadTimeout, Duration softTimeout, Duration maxStale,
		double refreshAhead, boolean oneLoadPerCluster, boolean useLocal, boolean localAfterRemote) {

	/** A hundred years; nanoseconds cannot count much further. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	/** The settings of a cache that nobody has set anything for. */
	public static final CacheSettings DEFAULT = new CacheSettings(10_000, Duration.ofMinutes(5), Duration.ofMinutes(30),
			Duration.ZERO, 0.1, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, 0, false, true, false);

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if one is out of its range
	 */
	public CacheSettings {
		if (localMaximum < 1) {
			throw wrong("localMaximum", localMaximum, "a number of keys of at least 1");
		}
		requirePositive("localTimeToLive", localTimeToLive);
		requirePositive("remoteTimeToLive", remoteTimeToLive);
		requirePositive("loadTimeout", loadTimeout);
		requireNotNegative("absentTimeToLive", absentTimeToLive);
		requireNotNegative("softTimeout", softTimeout);
		requireNotNegative("maxStale", maxStale);
		if (!(jitter >= 0 && jitter < 1)) {
			throw wrong("jitter", jitter, "a part of at least 0 and less than 1");
		}
		if (!(refreshAhead >= 0 && refreshAhead < 1)) {
			throw wrong("refreshAhead", refreshAhead, "a part of at least 0 and less than 1");
		}
		if (!softTimeout.isZero() && maxStale.isZero()) {
			throw wrong("softTimeout", softTimeout,
					"zero, or set maxStale, which says how old a value may be that is served instead");
		}
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
			throw wrong(name, value, "a positive duration of at most " + LONGEST.toDays() + " days");
		}
	}

	private static void requireNotNegative(String name, Duration value) {
		if (value.isNegative() || value.compareTo(LONGEST) > 0) {
			throw wrong(name, value, "a duration that is not negative, and of at most " + LONGEST.toDays() + " days");
		}
	}

	/** For how long any tier may keep an entry. */
	Duration longestLife() {
		Duration local = this.localTimeToLive.plus(this.maxStale);
		return (local.compareTo(this.remoteTimeToLive) > 0) ? local : this.remoteTimeToLive;
	}

	private static IllegalArgumentException wrong(String name, Object value, String wanted) {
		return new IllegalArgumentException("Cache setting " + name + " is " + value + "; set " + wanted);
	}

	/**
	 * Sets how many keys L1 holds at most.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withLocalMaximum(long value) {
		return new CacheSettings(value, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive, this.jitter,
				this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets how long L1 keeps a value.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withLocalTimeToLive(Duration value) {
		return new CacheSettings(this.localMaximum, value, this.remoteTimeToLive, this.absentTimeToLive, this.jitter,
				this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets how long L2 keeps a value.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withRemoteTimeToLive(Duration value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, value, this.absentTimeToLive, this.jitter,
				this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets how long it is kept that a key has no value, zero for not at all.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withAbsentTimeToLive(Duration value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, value, this.jitter,
				this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets by which part, from 0 up to 1, times to live are shortened at random, so that
	 * what was filled at once does not expire at once.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withJitter(double value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				value, this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets how long a reader waits for a load.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withLoadTimeout(Duration value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, value, this.softTimeout, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets after how long a reader takes a value whose time is over rather than wait for
	 * the load, zero for never.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withSoftTimeout(Duration value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, value, this.maxStale, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets for how long after its time a value may be served while it cannot be loaded,
	 * zero for not at all.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withMaxStale(Duration value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, this.softTimeout, value, this.refreshAhead, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets after which part of its time in L1 a value that is read is loaded again in the
	 * background, 0 for never.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withRefreshAhead(double value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, this.softTimeout, this.maxStale, value, this.oneLoadPerCluster,
				this.useLocal, this.localAfterRemote);
	}

	/**
	 * Sets whether one node alone loads a key that all nodes want.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withOneLoadPerCluster(boolean value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead, value, this.useLocal,
				this.localAfterRemote);
	}

	/**
	 * Sets whether values are kept in L1.
	 * @param value the new setting
	 * @return a copy
	 * @throws IllegalArgumentException if it is out of its range
	 */
	public CacheSettings withUseLocal(boolean value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead,
				this.oneLoadPerCluster, value, this.localAfterRemote);
	}

	/**
	 * Sets whether L1 takes a written value only when L2 has confirmed it.
	 * @param value the new setting
	 * @return a copy
	 */
	public CacheSettings withLocalAfterRemote(boolean value) {
		return new CacheSettings(this.localMaximum, this.localTimeToLive, this.remoteTimeToLive, this.absentTimeToLive,
				this.jitter, this.loadTimeout, this.softTimeout, this.maxStale, this.refreshAhead,
				this.oneLoadPerCluster, this.useLocal, value);
	}

}
