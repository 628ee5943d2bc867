package io.strates.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.strates.cache.CacheAnswer.Origin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** How long the tokens of tags are known, beside the entries that carry them. */
class TagLifeTests {

	private static final String TAG = "t:words:red";

	private final SharedMemory memory = new SharedMemory();

	private final AtomicLong clock = new AtomicLong();

	private final Tiers tiers = Tiers.builder("test").coherent(this.memory.node()).ticker(this.clock::get).build();

	@AfterEach
	void close() {
		this.tiers.close();
	}

	private CoherentCache<Integer, String> cache(CacheSettings settings) {
		return this.tiers.coherent(new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"),
				(word) -> Set.of("red"), settings.withJitter(0)));
	}

	private static Origin read(CoherentCache<Integer, String> cache) {
		return cache.lookUp(1, (keys) -> Map.of(1, "value")).origin();
	}

	@Test
	void tokenIsKnownForLongerThanAnEntryThatIsMadeWithoutAskingForIt() {
		Duration kept = Duration.ofDays(30);
		CoherentCache<Integer, String> cache = cache(CacheSettings.DEFAULT.withRemoteTimeToLive(kept));
		read(cache);
		Duration life = this.memory.life(TAG);

		Duration known = Duration.ZERO;
		while (this.memory.leases(TAG) == 1) {
			known = Duration.ofNanos(this.clock.get());
			this.clock.addAndGet(Duration.ofHours(6).toNanos());
			read(cache);
		}

		assertThat(known.plus(kept)).isLessThan(life);
		assertThat(known).isGreaterThan(Duration.ofDays(1));
	}

	@Test
	void tokenOutlivesWhatMemoryKeepsToo() {
		read(cache(CacheSettings.DEFAULT.withLocalTimeToLive(Duration.ofDays(20)).withMaxStale(Duration.ofDays(5))));

		assertThat(this.memory.life(TAG)).isGreaterThan(Duration.ofDays(50));
	}

	@Test
	void entriesThatAreNeverToGoHaveTokensThatNanosecondsCanCount() {
		try (Tiers alone = Tiers.builder("test").onlyNode().ticker(this.clock::get).build()) {
			CoherentCache<Integer, String> cache = alone.coherent(new CoherentCacheSpec<>("words", String::valueOf,
					null, (word) -> Set.of("red"), CacheSettings.DEFAULT.withLocalTimeToLive(Duration.ofDays(36_500))
						.withMaxStale(Duration.ofDays(36_500))));
			read(cache);
			this.clock.addAndGet(Duration.ofDays(30_000).toNanos());

			assertThat(read(cache)).isEqualTo(Origin.L1);
		}
	}

	@Test
	void entryIsStillServedWhenItsTokenHasBeenAskedForOnceMore() {
		CoherentCache<Integer, String> cache = cache(CacheSettings.DEFAULT.withLocalTimeToLive(Duration.ofDays(30)));
		read(cache);
		this.clock.addAndGet(Duration.ofDays(29).toNanos());

		assertThat(read(cache)).isEqualTo(Origin.L1);
	}

	@Test
	void timeThatNanosecondsCannotCountIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CacheSettings.DEFAULT.withRemoteTimeToLive(Duration.ofDays(200_000)))
			.withMessageContaining("remoteTimeToLive")
			.withMessageContaining("36500 days");
	}

	@Test
	void onlySomeOfTheTagsThatWereAskedForByNameAreKnown() {
		CoherentCache<Integer, String> cache = cache(CacheSettings.DEFAULT);
		List<String> tags = IntStream.range(0, 3 * CacheTags.NAMED).mapToObj(Integer::toString).toList();
		List<String> first = tags.stream().map(cache::tagToken).toList();

		await().atMost(Duration.ofSeconds(30)).until(() -> {
			System.gc();
			assertThat(tags.stream().map(cache::tagToken).toList()).isEqualTo(first);
			return tags.stream().anyMatch((tag) -> this.memory.leases("n:words:" + tag) > 1);
		});
	}

	@Test
	void tagByNameChangesWithTheWholeCacheThoughItsOwnTokenIsStillThere() {
		CoherentCache<Integer, String> cache = cache(CacheSettings.DEFAULT);
		String before = cache.tagToken("named");

		cache.invalidateAll();

		assertThat(cache.tagToken("named")).isNotEqualTo(before);
	}

}
