package io.strates.snapshot;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryDelaysTests {

	private static final Duration BASE = Duration.ofMillis(100);

	private static final Duration LONGEST = Duration.ofMillis(500);

	/** Gives the smallest number, the one in the middle, or the largest. */
	private static RandomGenerator at(double number) {
		return new RandomGenerator() {

			@Override
			public long nextLong() {
				throw new UnsupportedOperationException();
			}

			@Override
			public double nextDouble() {
				return number;
			}

		};
	}

	private static long millis(double jitter, int attempt, double number) {
		RetryOptions options = new RetryOptions(9, BASE, LONGEST, jitter);
		return Duration.ofNanos(RetryDelays.delayNanos(options, attempt, at(number))).toMillis();
	}

	@ParameterizedTest
	@CsvSource({ "0.0, 1, 0.0, 100", "0.0, 4, 1.0, 500", "0.1, 1, 0.0, 90", "0.1, 1, 0.5, 100", "0.1, 1, 1.0, 110",
			"0.5, 2, 0.0, 100", "0.5, 2, 1.0, 300", "0.1, 4, 0.0, 450", "0.1, 4, 1.0, 550", "0.1, 99, 1.0, 550",
			"1.0, 1, 0.0, 0", "1.0, 1, 0.5, 100", "1.0, 9, 1.0, 1000" })
	void jitterIsAPartOfTheCappedDelay(double jitter, int attempt, double number, long expected) {
		assertThat(millis(jitter, attempt, number)).isEqualTo(expected);
	}

	@Test
	void delayWithoutJitterNeedsNoChance() {
		RandomGenerator none = at(0);
		RetryOptions exact = RetryOptions.of(3, BASE);

		assertThat(RetryDelays.delayNanos(exact, 2, () -> none.nextLong())).isEqualTo(200_000_000L);
	}

	@Test
	void noDelayHasNoJitter() {
		RetryOptions options = new RetryOptions(3, Duration.ZERO, Duration.ZERO, 1);

		assertThat(RetryDelays.delayNanos(options, 2, at(1))).isZero();
	}

	@Test
	void longestDelayDoesNotOverflow() {
		RetryOptions options = new RetryOptions(3, Freshness.FOREVER, Freshness.FOREVER, 1);

		assertThat(RetryDelays.delayNanos(options, 3, at(1))).isEqualTo(Long.MAX_VALUE);
		assertThat(RetryDelays.delayNanos(options, 3, at(0))).isZero();
	}

	@Test
	void delaysAreSpreadEvenlyBetweenTheirBounds() {
		RetryOptions options = new RetryOptions(3, BASE, LONGEST, 0.2);
		RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
		int[] quarters = new int[4];

		for (int draw = 0; draw < 40_000; draw++) {
			long delay = RetryDelays.delayNanos(options, 1, random);
			assertThat(delay).isBetween(80_000_000L, 120_000_000L);
			quarters[(int) Math.min(3, (delay - 80_000_000L) / 10_000_000L)]++;
		}

		for (int quarter : quarters) {
			assertThat(quarter).isBetween(9_600, 10_400);
		}
	}

}
