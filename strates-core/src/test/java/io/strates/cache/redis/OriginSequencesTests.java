package io.strates.cache.redis;

import java.util.List;
import java.util.stream.LongStream;

import io.strates.cache.redis.ChannelMessage.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link OriginSequences}. */
class OriginSequencesTests {

	private final OriginSequences ordered = new OriginSequences(true);

	private final OriginSequences unordered = new OriginSequences(false);

	@Test
	void firstMessageOfAnOriginTellsNothing() {
		assertThat(this.ordered.lost(message("a", 17))).isFalse();
		assertThat(this.ordered.lost(message("b", 4))).isFalse();
		assertThat(this.ordered.lost(message("a", 18))).isFalse();
		assertThat(this.ordered.lost(message("b", 5))).isFalse();
	}

	@Test
	void missingMessageIsNoticedOnceWhereMessagesKeepTheirOrder() {
		this.ordered.lost(message("a", 1));

		assertThat(this.ordered.lost(message("a", 3))).isTrue();
		assertThat(this.ordered.lost(message("a", 4))).isFalse();
	}

	@Test
	void messagesThatRedisMakesUpAreNotCounted() {
		this.ordered.lost(message("a", 1));

		assertThat(this.ordered.lost(message("a", 0))).isFalse();
		assertThat(this.ordered.lost(message("a", 2))).isFalse();
	}

	@Test
	void messagesMayOvertakeEachOtherInACluster() {
		List<Long> order = List.of(1L, 3L, 2L, 6L, 5L, 4L);

		assertThat(order).allSatisfy((sequence) -> assertThat(this.unordered.lost(message("a", sequence))).isFalse());
		assertThat(this.unordered.lost(probe(7))).isFalse();
		assertThat(this.unordered.lost(probe(8))).isFalse();
		assertThat(this.unordered.lost(probe(9))).isFalse();
	}

	@Test
	void messageThatIsMissingAfterTwoProbesIsLostInACluster() {
		this.unordered.lost(message("a", 1));

		assertThat(this.unordered.lost(message("a", 3))).isFalse();
		assertThat(this.unordered.lost(probe(4))).isFalse();
		assertThat(this.unordered.lost(probe(5))).isTrue();
		assertThat(this.unordered.lost(probe(6))).isFalse();
		assertThat(this.unordered.lost(probe(7))).isFalse();
	}

	@Test
	void messageThatComesBetweenTwoProbesIsNotLostInACluster() {
		this.unordered.lost(message("a", 1));
		this.unordered.lost(message("a", 3));
		this.unordered.lost(probe(4));

		assertThat(this.unordered.lost(message("a", 2))).isFalse();
		assertThat(this.unordered.lost(probe(5))).isFalse();
	}

	@Test
	void manyMissingMessagesAreLostAtOnceInACluster() {
		this.unordered.lost(message("a", 1));

		assertThat(this.unordered.lost(message("a", 10_000))).isTrue();
		assertThat(this.unordered.lost(message("a", 10_001))).isFalse();
	}

	@Test
	void originsThatAreForgottenAreDoubted() {
		LongStream.range(0, 10_000).forEach((origin) -> this.ordered.lost(message("o" + origin, 1)));

		assertThat(this.ordered.lost(message("another", 1))).isTrue();
	}

	private static ChannelMessage message(String origin, long sequence) {
		return new ChannelMessage(Kind.INVALIDATED, origin, sequence, "e", 0, List.of());
	}

	private static ChannelMessage probe(long sequence) {
		return new ChannelMessage(Kind.PROBE, "a", sequence, "e", 0, List.of());
	}

}
