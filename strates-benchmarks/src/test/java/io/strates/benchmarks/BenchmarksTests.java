package io.strates.benchmarks;

import org.assertj.core.api.InstanceOfAssertFactories;
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
			ReleasedReads.PinnedPosition pinned = new ReleasedReads.PinnedPosition();
			pinned.pin(reads);
			assertThat(reads.entity(pinned)).asInstanceOf(InstanceOfAssertFactories.optional(Offer.class))
				.get()
				.extracting(Offer::getId)
				.isEqualTo(1_001L);
			pinned.unpin();
		}
		finally {
			reads.stop();
		}
	}

}
