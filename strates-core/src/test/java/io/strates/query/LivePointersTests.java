package io.strates.query;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.release.Release;
import io.strates.release.ReleaseKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node knows to be live. */
class LivePointersTests {

	private final AtomicBoolean inTouch = new AtomicBoolean(true);

	private final AtomicInteger made = new AtomicInteger();

	private final LivePointers pointers = new LivePointers((release) -> {
		this.made.incrementAndGet();
		return new NumberedReads(release.number());
	}, this.inTouch::get);

	private void released(String scope, String scopeId, long number) {
		this.pointers.released(new Released(scope, scopeId, number, new UUID(0, number)));
	}

	private @Nullable Long known(String scope, String scopeId) {
		PinnedReads reads = this.pointers.known(scope, scopeId);
		return (reads instanceof NumberedReads numbered) ? numbered.number() : null;
	}

	@Test
	void pointerMovesToHigherNumbersOnly() {
		released("catalog", "north", 2);
		released("catalog", "north", 1);
		assertThat(known("catalog", "north")).isEqualTo(2);

		released("catalog", "north", 4);
		released("catalog", "north", 3);

		assertThat(known("catalog", "north")).isEqualTo(4);
		assertThat(this.made).hasValue(2);
	}

	@Test
	void readsOfAReleaseStayTheSame() {
		released("catalog", "north", 2);
		PinnedReads reads = this.pointers.known("catalog", "north");

		released("catalog", "north", 2);

		assertThat(this.pointers.known("catalog", "north")).isSameAs(reads);
	}

	@Test
	void whatWasNeverReleasedIsNotKnown() {
		released("catalog", "north", 1);

		assertThat(known("catalog", "south")).isNull();
		assertThat(known("pricing", "north")).isNull();
	}

	@Test
	void nothingIsKnownWithoutTouch() {
		released("catalog", "north", 1);
		this.inTouch.set(false);

		assertThat(known("catalog", "north")).isNull();
	}

	@Test
	void manyPointersAreKeptApart() {
		for (int shop = 0; shop < 2000; shop++) {
			released("catalog", "shop " + shop, shop + 1);
			released("shop " + shop, "catalog", shop + 5001);
		}

		for (int shop = 0; shop < 2000; shop++) {
			assertThat(known("catalog", "shop " + shop)).isEqualTo(shop + 1);
			assertThat(known("shop " + shop, "catalog")).isEqualTo(shop + 5001);
		}
	}

	private record NumberedReads(long number) implements PinnedReads {

		@Override
		public Pin pin() {
			return new ResolvedPin("catalog", "north", new UUID(0, this.number), this.number);
		}

		@Override
		public <V> @Nullable V get(Class<V> type, Object id) {
			return null;
		}

		@Override
		public <ID, V> Map<ID, V> getAll(Class<V> type, Collection<ID> ids) {
			return Map.of();
		}

	}

	private record Released(String scope, String scopeId, long number, UUID buildStrate) implements Release {

		@Override
		public @Nullable UUID previousStrate() {
			return null;
		}

		@Override
		public ReleaseKind kind() {
			return ReleaseKind.RELEASE;
		}

		@Override
		public @Nullable Long restoredRelease() {
			return null;
		}

		@Override
		public @Nullable Long overwrittenRelease() {
			return null;
		}

		@Override
		public @Nullable String reason() {
			return null;
		}

		@Override
		public Instant releasedAt() {
			return Instant.EPOCH;
		}

	}

}
