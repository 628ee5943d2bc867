package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.strates.cache.CacheAnswer.Origin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is read from which tier, and how long it is kept. */
class CoherentCacheTests extends CoherentCacheFixture {

	@Test
	void readsComeFromTheLoaderThenFromMemoryThenFromTheOtherNodesTier() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.database.put(1, "one");

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L3));
		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
		assertThat(there.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L2));
		assertThat(there.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void valuesOfAnotherLayoutAreAMissAndReplaced() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		put(here, 1, "one");
		CoherentCache<Integer, String> there = cache(this.b,
				new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v2"), (value) -> Set.of(), this.settings));

		assertThat(there.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
		assertThat(there.lookUp(1, this::load).origin()).isEqualTo(Origin.L1);
		put(there, 1, "uno");

		assertThat(here.get(1, this::load)).isEqualTo("uno");
	}

	@Test
	void garbageInTheTierIsAMissAndReplaced() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "one");
		this.memory.put("c:words:1", "garbage".getBytes(StandardCharsets.UTF_8));

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L3));

		assertThat(cache(this.b, this.settings).lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L2));
	}

	@Test
	void tierThatHadNothingOfLateIsAskedOnceForAMissAndStillAnswers() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		for (int key = 0; key < 100; key++) {
			this.database.put(key, "old");
			here.get(key, this::load);
		}
		int before = this.memory.fetches();

		this.database.put(1_000, "new");
		put(there, 2_000, "written");

		assertThat(here.lookUp(1_000, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L3));
		assertThat(here.lookUp(2_000, this::load)).isEqualTo(new CacheAnswer<>("written", Origin.L2));
		assertThat(this.memory.fetches()).isEqualTo(before);
		assertThat(here.statistics().remoteHits()).isEqualTo(1);
	}

	@Test
	void absentValuesAreKeptForTheirTimeUntilOneIsWritten() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withAbsentTimeToLive(Duration.ofSeconds(5)));
		CoherentCache<Integer, String> there = cache(this.b, this.settings.withAbsentTimeToLive(Duration.ofSeconds(5)));
		for (int read = 0; read < 100; read++) {
			assertThat(here.get(1, this::load)).isNull();
		}
		assertThat(this.loads).hasValue(1);

		put(there, 1, "one");

		assertThat(here.get(1, this::load)).isEqualTo("one");
		assertThat(here.get(2, this::load)).isNull();
		this.clock.addAndGet(Duration.ofSeconds(6).toNanos());
		assertThat(here.lookUp(2, this::load).origin()).isNotEqualTo(Origin.L1);
	}

	@Test
	void absentValuesAreNotKeptByDefault() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);

		here.get(1, this::load);
		here.get(1, this::load);

		assertThat(this.loads).hasValue(2);
	}

	@Test
	void entryLivesForItsTime() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "one");
		here.get(1, this::load);

		this.clock.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L1);
		this.clock.addAndGet(1);

		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L2);
	}

	@Test
	void timesToLiveAreShortenedAtRandom() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withJitter(0.5));
		List<Integer> keys = java.util.stream.IntStream.range(0, 1_000).boxed().toList();
		keys.forEach((key) -> this.database.put(key, "value"));
		here.getAll(keys, this::load);

		this.clock.addAndGet(Duration.ofMinutes(4).toNanos());

		long hits = keys.stream().filter((key) -> here.lookUp(key, this::load).origin() == Origin.L1).count();
		assertThat(hits).isBetween(200L, 800L);
	}

	@Test
	void onlyKnownValuesAreLookedUpWithoutALoader() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		assertThat(here.lookUpIfCached(1)).isNull();
		put(here, 1, "one");

		assertThat(here.lookUpIfCached(1)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
		assertThat(there.lookUpIfCached(1)).isEqualTo(new CacheAnswer<>("one", Origin.L2));
		assertThat(there.lookUpIfCached(1)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
	}

}
