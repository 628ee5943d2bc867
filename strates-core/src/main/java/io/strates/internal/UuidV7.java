package io.strates.internal;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Generates UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a
 * counter in the 12 bits of {@code rand_a} that keeps the UUIDs of one generator
 * increasing, then 62 random bits. Order across generators is not promised and nothing
 * relies on it.
 *
 * @since 0.1.0
 */
public final class UuidV7 {

	private static final int COUNTER_LIMIT = 1 << 12;

	private final InstantSource clock;

	private final SecureRandom random = new SecureRandom();

	private long lastMillis;

	private int counter;

	/**
	 * Creates a generator.
	 * @param clock where the milliseconds come from
	 */
	public UuidV7(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Returns the next UUID.
	 * @return a UUID greater than all that this generator has returned
	 */
	public synchronized UUID next() {
		long now = this.clock.millis();
		if (now > this.lastMillis) {
			this.lastMillis = now;
			this.counter = this.random.nextInt(COUNTER_LIMIT / 2);
		}
		else if (++this.counter == COUNTER_LIMIT) {
			this.lastMillis++; // borrowed from the future, as the RFC allows
			this.counter = 0;
		}
		long high = (this.lastMillis << 16) | (0x7L << 12) | this.counter;
		long low = (this.random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
		return new UUID(high, low);
	}

}
