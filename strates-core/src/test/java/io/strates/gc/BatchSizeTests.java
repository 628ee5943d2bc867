package io.strates.gc;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BatchSize}.
 */
class BatchSizeTests {

	@Test
	void fastBatchesGrowUpToTheMost() {
		BatchSize size = new BatchSize(5000);

		assertThat(size.rows()).isEqualTo(500);
		full(size, Duration.ofMillis(10));
		assertThat(size.rows()).isEqualTo(1000);
		for (int batch = 0; batch < 5; batch++) {
			full(size, Duration.ofMillis(10));
		}

		assertThat(size.rows()).isEqualTo(5000);
	}

	@Test
	void slowBatchShrinksInProportionButNotToNothing() {
		BatchSize size = new BatchSize(5000);

		full(size, Duration.ofMillis(200));
		assertThat(size.rows()).isEqualTo(250);
		full(size, Duration.ofMinutes(1));

		assertThat(size.rows()).isEqualTo(100);
	}

	@Test
	void batchAroundTheGoalKeepsItsSize() {
		BatchSize size = new BatchSize(5000);

		full(size, Duration.ofMillis(51));
		full(size, Duration.ofMillis(100));

		assertThat(size.rows()).isEqualTo(500);
	}

	@Test
	void batchThatWasNotFullTellsNothingUnlessItWasSlow() {
		BatchSize size = new BatchSize(5000);

		size.took(499, Duration.ofMillis(1));
		assertThat(size.rows()).isEqualTo(500);
		size.took(1, Duration.ofMillis(200));

		assertThat(size.rows()).isEqualTo(250);
	}

	@Test
	void smallMostIsNeverExceededNorDivided() {
		BatchSize size = new BatchSize(3);

		full(size, Duration.ofMinutes(1));
		assertThat(size.rows()).isEqualTo(3);
		full(size, Duration.ZERO);

		assertThat(size.rows()).isEqualTo(3);
	}

	@Test
	void clockThatIsSetBackIsAsGoodAsAFastBatch() {
		BatchSize size = new BatchSize(5000);

		full(size, Duration.ofHours(-1));

		assertThat(size.rows()).isEqualTo(1000);
	}

	@Test
	void sizeSettlesWhereABatchTakesTheGoalWhateverARowCosts() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int trial = 0; trial < 200; trial++) {
			long nanosPerRow = 20_000 + random.nextInt(980_000);
			BatchSize size = new BatchSize(100_000);
			for (int batch = 0; batch < 10; batch++) {
				full(size, Duration.ofNanos(size.rows() * nanosPerRow));
			}

			assertThat(size.rows() * nanosPerRow).as("seed %d, %d ns per row", seed, nanosPerRow)
				.isBetween(BatchSize.GOAL.toNanos() / 3, BatchSize.GOAL.toNanos());
		}
	}

	private static void full(BatchSize size, Duration time) {
		size.took(size.rows(), time);
	}

}
