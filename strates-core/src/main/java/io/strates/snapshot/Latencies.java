package io.strates.snapshot;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the last calls of a source took.
 */
final class Latencies {

	private static final int KEPT = 128;

	/** With fewer calls, nobody knows what is usual. */
	private static final int ENOUGH = 20;

	private final AtomicLongArray last = new AtomicLongArray(KEPT);

	private final AtomicInteger count = new AtomicInteger();

	void add(long nanos) {
		int number = this.count.getAndIncrement();
		this.last.set(Math.floorMod(number, KEPT), nanos);
	}

	/**
	 * Returns what 95 of 100 calls do not exceed, or a negative number if too few were
	 * made.
	 */
	long usual() {
		int number = Math.min(KEPT, this.count.get());
		if (number < ENOUGH) {
			return -1;
		}
		long[] sorted = new long[number];
		for (int index = 0; index < number; index++) {
			sorted[index] = this.last.get(index);
		}
		Arrays.sort(sorted);
		return sorted[(int) Math.ceil(0.95 * number) - 1];
	}

}
