package io.strates.snapshot;

import java.time.Duration;

/**
 * How a call that fails is repeated: after the first failure it waits for the base delay,
 * then twice as long each time, at most the maximum, give or take the jitter. It does not
 * wait if the deadline would come first.
 *
 * @param maxAttempts how often a call is tried, the first time included
 * @param baseDelay the wait before the second attempt
 * @param maxDelay the longest wait, before jitter
 * @param jitter how much a wait varies, as a part of it, from 0 to 1
 * @since 0.1.0
 */
public record RetryOptions(int maxAttempts, Duration baseDelay, Duration maxDelay, double jitter) {

	private static final RetryOptions DEFAULTS = new RetryOptions(2, Duration.ofMillis(50), Duration.ofSeconds(1), 0.1);

	private static final RetryOptions NEVER = new RetryOptions(1, Duration.ZERO, Duration.ZERO, 0);

	/**
	 * Creates options.
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public RetryOptions {
		if (maxAttempts < 1) {
			throw new IllegalArgumentException("maxAttempts is " + maxAttempts + "; set one or more");
		}
		if (baseDelay.isNegative() || maxDelay.compareTo(baseDelay) < 0) {
			throw new IllegalArgumentException("The delays are " + baseDelay + " to " + maxDelay
					+ "; set zero or more, and a maximum that is not shorter");
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new IllegalArgumentException("jitter is " + jitter + "; set a number from 0 to 1");
		}
	}

	/**
	 * Returns two attempts, with a delay of 50 ms.
	 * @return the options
	 */
	public static RetryOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns one attempt.
	 * @return the options
	 */
	public static RetryOptions never() {
		return NEVER;
	}

	/**
	 * Returns attempts without jitter, which wait for the base delay and twice as long
	 * each time.
	 * @param maxAttempts how often a call is tried
	 * @param baseDelay the wait before the second attempt
	 * @return the options
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public static RetryOptions of(int maxAttempts, Duration baseDelay) {
		return new RetryOptions(maxAttempts, baseDelay, Freshness.FOREVER, 0);
	}

	/**
	 * Returns how long to wait after an attempt, before jitter.
	 * @param attempt the number of the attempt that failed, from one
	 * @return the wait
	 * @throws IllegalArgumentException if the number is less than one
	 */
	public Duration delayAfter(int attempt) {
		if (attempt < 1) {
			throw new IllegalArgumentException("The attempt that failed is " + attempt + "; count from one");
		}
		long base = Freshness.nanos(this.baseDelay);
		long longest = Freshness.nanos(this.maxDelay);
		int doublings = attempt - 1;
		boolean tooMany = doublings >= Long.numberOfLeadingZeros(base);
		return Duration.ofNanos((base > 0 && tooMany) ? longest : Math.min(longest, base << Math.min(doublings, 62)));
	}

}
