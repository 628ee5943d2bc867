package io.strates.benchmarks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a read of a released build costs whose values are in memory, beside Caffeine
 * alone. No test: it prints times, and ratios of times of one run.
 */
class ReleasedReadsMeasurement {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void readsBesideCaffeine(int threads) {
		Measured measured = Measured.run(ReleasedReads.class, threads, "released-reads-" + threads);

		measured.print("the pin alone, " + threads + " threads", "pin", "caffeine", Double.NaN);
		measured.print("read under a pin, " + threads + " threads", "pinnedRead", "caffeine", Double.NaN);
		measured.print("pin and read, " + threads + " threads", "releasedRead", "caffeine", 2.5);
		measured.print("entity of one's own, " + threads + " threads", "entity", "caffeine", Double.NaN);
	}

}
