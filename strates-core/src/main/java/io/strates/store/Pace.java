package io.strates.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Time as write-behind sees it: the clock, chance, and waiting.
 */
interface Pace {

	Instant now();

	/** A number from 0 to 1. */
	double chance();

	/** Waits for some time, or less. */
	void pause(Duration time);

	static Pace of(InstantSource clock, RandomGenerator random) {
		return new Pace() {

			@Override
			public Instant now() {
				return clock.instant();
			}

			@Override
			public double chance() {
				return random.nextDouble();
			}

			@Override
			public void pause(Duration time) {
				LockSupport.parkNanos(this, time.toNanos());
			}

		};
	}

}
