package io.strates.snapshot;

import java.util.random.RandomGenerator;

/** How long to wait before a call is made again, with jitter. */
final class RetryDelays {

	private RetryDelays() {
	}

	/**
	 * Returns the wait after an attempt. The jitter comes after the maximum, which the
	 * wait may therefore exceed by it: calls that all wait for the maximum are spread
	 * too.
	 * @param attempt the number of the attempt that failed, from one
	 */
	static long delayNanos(RetryOptions options, int attempt, RandomGenerator random) {
		long delay = Freshness.nanos(options.delayAfter(attempt));
		if (delay == 0 || options.jitter() == 0) {
			return delay;
		}
		double part = (random.nextDouble() * 2 - 1) * options.jitter();
		double jittered = delay * (1 + part);
		return Math.max(0, (long) jittered);
	}

}
