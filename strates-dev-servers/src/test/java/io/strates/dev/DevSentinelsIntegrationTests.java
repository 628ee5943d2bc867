package io.strates.dev;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DevSentinels}.
 */
class DevSentinelsIntegrationTests {

	@Test
	void replicaTakesThePlaceOfAKilledMasterWithItsData() {
		try (DevSentinels redis = DevSentinels.start()) {
			EmbeddedRedis.ask(redis.host(), redis.master(), "SET color red\r\nWAIT 1 10000", ":1");

			int killed = redis.killMaster();

			assertThat(redis.awaitMasterOtherThan(killed)).isNotEqualTo(killed);
			assertThat(EmbeddedRedis.ask(redis.host(), redis.master(), "EXISTS color", ":")).isEqualTo(":1");
		}
	}

	@Test
	void oldMasterOfAPlannedFailOverTakesItselfForAMasterForAWhile() {
		try (DevSentinels redis = DevSentinels.start()) {
			int old = redis.failOver();

			assertThat(redis.master()).isNotEqualTo(old);
			assertThat(redis.isMaster(old)).isTrue();
			assertThat(redis.isMaster(redis.master())).isTrue();
		}
	}

}
