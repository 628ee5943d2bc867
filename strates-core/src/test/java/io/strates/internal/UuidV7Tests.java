package io.strates.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class UuidV7Tests {

	private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

	/** More than the 12 bits of the counter hold. */
	private static final int MORE_THAN_A_MILLISECOND_HOLDS = 5000;

	private Instant now = NOON;

	private final UuidV7 uuids = new UuidV7(() -> this.now);

	@Test
	void nextHasVersionSevenAndTheVariantOfTheRfc() {
		for (int i = 0; i < MORE_THAN_A_MILLISECOND_HOLDS; i++) {
			UUID uuid = this.uuids.next();

			assertThat(uuid.version()).isEqualTo(7);
			assertThat(uuid.variant()).isEqualTo(2);
		}
	}

	@Test
	void nextBeginsWithTheMillisecondsOfTheClock() {
		UUID first = this.uuids.next();
		this.now = NOON.plus(Duration.ofDays(365));

		assertThat(millis(first)).isEqualTo(NOON.toEpochMilli());
		assertThat(millis(this.uuids.next())).isEqualTo(this.now.toEpochMilli());
	}

	@Test
	void nextWithinOneMillisecondIncreases() {
		List<UUID> within = next(1000);

		assertThat(within).allSatisfy((uuid) -> assertThat(millis(uuid)).isEqualTo(NOON.toEpochMilli()));
		assertIncreasing(within);
	}

	@Test
	void nextBorrowsFromTheFutureWhenTheCounterOverflows() {
		List<UUID> many = next(MORE_THAN_A_MILLISECOND_HOLDS);

		assertIncreasing(many);
		assertThat(millis(many.get(many.size() - 1))).isEqualTo(NOON.toEpochMilli() + 1);
		assertThat(many.get(many.size() - 1).version()).isEqualTo(7);
	}

	@Test
	void nextAfterAnOverflowIncreasesWhenTheClockCatchesUp() {
		List<UUID> all = next(MORE_THAN_A_MILLISECOND_HOLDS);
		for (int i = 0; i < 4; i++) {
			this.now = this.now.plusMillis(1);
			all.addAll(next(10));
		}

		assertIncreasing(all);
		assertThat(millis(all.get(all.size() - 1))).isEqualTo(this.now.toEpochMilli());
	}

	@Test
	void nextIncreasesWhenTheClockGoesBack() {
		List<UUID> all = next(10);
		this.now = NOON.minus(Duration.ofHours(1));
		all.addAll(next(10));
		this.now = NOON.plusMillis(1);
		all.addAll(next(10));

		assertIncreasing(all);
	}

	@Test
	void nextBeginsEachMillisecondAnywhereInTheLowerHalfOfTheCounter() {
		Set<Long> counters = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			this.now = this.now.plusMillis(1);
			counters.add(this.uuids.next().getMostSignificantBits() & 0xFFF);
		}

		assertThat(counters).hasSizeGreaterThan(10).allMatch((counter) -> counter < 0x800);
	}

	@Test
	@Timeout(60)
	void nextFromManyThreadsIsUniqueAndIncreasesInEach() throws Exception {
		UuidV7 shared = new UuidV7(InstantSource.system());
		int threads = 8;
		int each = 20_000;
		CyclicBarrier barrier = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		List<Future<List<UUID>>> work = new ArrayList<>();
		for (int thread = 0; thread < threads; thread++) {
			work.add(executor.submit(() -> {
				barrier.await();
				UUID[] uuids = new UUID[each];
				Arrays.setAll(uuids, (i) -> shared.next());
				return List.of(uuids);
			}));
		}
		Set<UUID> all = new HashSet<>();
		Set<Long> places = new HashSet<>();
		for (Future<List<UUID>> one : work) {
			List<UUID> uuids = one.get();
			assertIncreasing(uuids);
			all.addAll(uuids);
			uuids.forEach((uuid) -> places.add(uuid.getMostSignificantBits()));
		}
		executor.shutdown();

		assertThat(all).hasSize(threads * each);
		assertThat(places).as("times and counters, which the random bits do not have to tell apart")
			.hasSize(threads * each);
	}

	private List<UUID> next(int count) {
		List<UUID> uuids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			uuids.add(this.uuids.next());
		}
		return uuids;
	}

	private static long millis(UUID uuid) {
		return uuid.getMostSignificantBits() >>> 16;
	}

	/** As databases compare them, which is as their text does and not as Java's UUIDs. */
	private static void assertIncreasing(List<UUID> uuids) {
		List<String> texts = uuids.stream().map(UUID::toString).toList();
		for (int i = 1; i < texts.size(); i++) {
			assertThat(texts.get(i)).as("after %s", texts.get(i - 1)).isGreaterThan(texts.get(i - 1));
		}
	}

}
