package io.strates.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each benchmark reads what it says. */
class BenchmarksTests {

	@Test
	void releasedReadsFindTheirValues() {
		ReleasedReads reads = new ReleasedReads();
		reads.start();
		try {
			ReleasedReads.Position position = new ReleasedReads.Position();

			assertThat(reads.caffeine(position)).isEqualTo(new OfferView(1_001L, "offer 1", 1));
			assertThat(reads.cache(position)).isEqualTo(new OfferView(1_002L, "offer 2", 2));
			assertThat(reads.releasedRead(position)).isEqualTo(new OfferView(1_003L, "offer 3", 3));
		}
		finally {
			reads.stop();
		}
	}

}
