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
			Position position = new Position();

			assertThat(reads.caffeine(position)).isEqualTo(new OfferView(1_001L, "offer 1", 1));
			assertThat(reads.pinnedRead(position)).isEqualTo(new OfferView(1_002L, "offer 2", 2));
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

	@Test
	void localReadsFindTheirValuesInMemory() {
		LocalReads reads = new LocalReads();
		reads.start();
		try {
			Position position = new Position();

			assertThat(reads.caffeine(position)).isEqualTo(Article.of(1_001, 0));
			assertThat(reads.immutable(position)).isEqualTo(Article.of(1_002, 0));
			assertThat(reads.coherent(position)).isEqualTo(Article.of(1_003, 0));
			assertThat(reads.entity(position)).isInstanceOfSatisfying(ArticleRow.class,
					(row) -> assertThat(row.article()).isEqualTo(Article.of(1_004, 0)));
		}
		finally {
			reads.stop();
		}
	}

}
