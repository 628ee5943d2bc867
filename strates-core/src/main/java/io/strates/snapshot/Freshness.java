package io.strates.snapshot;

import java.time.Duration;

/**
 * For how long a value may be used again, counted from when it was observed. A value is
 * fresh while its age is at most the time to live, and can still serve as a stale answer
 * while its age is at most {@code maxStale}; both bounds belong to it.
 *
 * @param timeToLive how long a value is fresh
 * @param maxStale how long a value is of any use; at least the time to live
 * @param staleOnError whether a stale value answers when all sources failed
 * @param refresh what happens when a value is about to be stale, or is
 * @param refreshAhead how long before the end of the time to live a value is read anew in
 * the background; only for {@link Refresh#AHEAD}
 * @since 0.1.0
 */
public record Freshness(Duration timeToLive, Duration maxStale, boolean staleOnError, Refresh refresh,
		Duration refreshAhead) {

	/** Longer than any age. */
	static final Duration FOREVER = Duration.ofDays(365L * 1000);

	/**
	 * What happens when a value is about to be stale, or is.
	 *
	 * @since 0.1.0
	 */
	public enum Refresh {

		/** Readers of a stale value wait for a new one. */
		BLOCKING,

		/** Readers get the stale value, and a new one is read in the background. */
		STALE_WHILE_REVALIDATE,

		/** As {@link #BLOCKING}; a new one is read in the background before the end. */
		AHEAD

	}

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if a duration is negative, {@code maxStale} is
	 * shorter than the time to live, or {@code refreshAhead} does not fit the mode or is
	 * longer than the time to live
	 */
	public Freshness {
		if (timeToLive.isNegative()) {
			throw new IllegalArgumentException("The time to live is " + timeToLive + "; set zero or more");
		}
		if (maxStale.compareTo(timeToLive) < 0) {
			throw new IllegalArgumentException("maxStale is " + maxStale + " and shorter than the time to live, "
					+ timeToLive + "; set at least that");
		}
		if (refreshAhead.isNegative() || refreshAhead.compareTo(timeToLive) > 0) {
			throw new IllegalArgumentException("refreshAhead is " + refreshAhead
					+ "; set zero or more, and at most the time to live, " + timeToLive);
		}
		if (!refreshAhead.isZero() && refresh != Refresh.AHEAD) {
			throw new IllegalArgumentException("refreshAhead is " + refreshAhead + ", but the mode is " + refresh
					+ "; set the mode " + Refresh.AHEAD);
		}
	}

	/**
	 * Returns a policy whose stale values are of use when all sources failed.
	 * @param timeToLive how long a value is fresh
	 * @param maxStale how long it is of any use
	 * @return the policy
	 * @throws IllegalArgumentException if the times do not fit
	 */
	public static Freshness of(Duration timeToLive, Duration maxStale) {
		return new Freshness(timeToLive, maxStale, true, Refresh.BLOCKING, Duration.ZERO);
	}

	/**
	 * Returns the policy of values that never go stale.
	 * @return the policy
	 */
	public static Freshness unbounded() {
		return of(FOREVER, FOREVER);
	}

	/**
	 * Returns this policy without stale answers to failures.
	 * @return the policy
	 */
	public Freshness withoutStaleOnError() {
		return new Freshness(this.timeToLive, this.maxStale, false, this.refresh, this.refreshAhead);
	}

	/**
	 * Returns this policy with stale answers while a new value is read.
	 * @return the policy
	 */
	public Freshness staleWhileRevalidate() {
		return new Freshness(this.timeToLive, this.maxStale, this.staleOnError, Refresh.STALE_WHILE_REVALIDATE,
				Duration.ZERO);
	}

	/**
	 * Returns this policy with values that are read anew before they are stale.
	 * @param ahead how long before the end of the time to live
	 * @return the policy
	 * @throws IllegalArgumentException if it is negative or longer than the time to live
	 */
	public Freshness refreshedAhead(Duration ahead) {
		return new Freshness(this.timeToLive, this.maxStale, this.staleOnError, Refresh.AHEAD, ahead);
	}

	boolean isFresh(long ageNanos) {
		return ageNanos <= nanos(this.timeToLive);
	}

	boolean isUsable(long ageNanos) {
		return ageNanos <= nanos(this.maxStale);
	}

	/** Whether a value of this age is to be read anew although it is fresh. */
	boolean wantsRefreshAhead(long ageNanos) {
		long end = nanos(this.timeToLive);
		return this.refresh == Refresh.AHEAD && end != Long.MAX_VALUE && ageNanos >= end - nanos(this.refreshAhead);
	}

	/** Saturated: {@code toNanos} overflows after 292 years. */
	static long nanos(Duration duration) {
		return (duration.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L) ? Long.MAX_VALUE : duration.toNanos();
	}

}
