package io.strates.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LocalTier}. */
class LocalTierTests extends CoherentTierContract {

	private static final Duration FENCE = Duration.ofSeconds(60);

	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);

	private final CoherentTier tier = new LocalTier(true, FENCE, this.time::get);

	@Test
	void tierIsTrustedAsItIsTold() {
		assertThat(this.tier.trusted()).isTrue();
		assertThat(this.tier.channel().trusted()).isTrue();
		assertThat(new LocalTier(false, FENCE, this.time::get).trusted()).isFalse();
	}

	@Test
	void tierIsNotWorthAskingForValues() {
		fill("key", granted("key"), bytes("value"));

		assertThat(this.tier.keepsValues()).isFalse();
		assertThat(this.tier.fetch(List.of("key", "other"))).containsExactly(null, null);
	}

	@Override
	protected CoherentTier tier() {
		return this.tier;
	}

	@Override
	protected void letFencesFall() {
		letExpire(FENCE);
	}

	@Override
	protected void letExpire(Duration life) {
		this.time.addAndGet(life.toNanos() + 1);
	}

	@Override
	protected boolean keepsValues() {
		return false;
	}

}
