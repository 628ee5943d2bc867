package io.strates.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheAnswer.Origin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Caches whose names and keys read the same together. */
class CoherentKeysTests {

	private static final List<List<String>> ALIKE = List.of(List.of("a:b", "1"), List.of("a", "b:1"),
			List.of("a%3Ab", "1"), List.of("a", "b%3A1"), List.of("a:b:1", ""), List.of("a", "{b}:1"));

	@Test
	void theirEntriesAreTheirOwn() {
		SharedMemory memory = new SharedMemory();
		try (Tiers here = Tiers.builder("test").coherent(memory.newNode()).build();
				Tiers there = Tiers.builder("test").coherent(memory.newNode()).build()) {
			List<CoherentCache<String, String>> caches = new ArrayList<>();
			List<CoherentCache<String, String>> others = new ArrayList<>();
			for (List<String> each : ALIKE) {
				caches.add(cache(here, each, caches));
				others.add(cache(there, each, others));
			}
			for (int index = 0; index < ALIKE.size(); index++) {
				assertThat(lookUp(caches, index)).isEqualTo(new CacheAnswer<>("value " + index, Origin.L3));
			}
			for (int index = 0; index < ALIKE.size(); index++) {
				assertThat(lookUp(others, index)).isEqualTo(new CacheAnswer<>("value " + index, Origin.L2));
			}

			caches.get(0).invalidate(Set.of(ALIKE.get(0).get(1)));

			assertThat(lookUp(others, 0).origin()).isEqualTo(Origin.L3);
			for (int index = 1; index < ALIKE.size(); index++) {
				assertThat(lookUp(others, index)).isEqualTo(new CacheAnswer<>("value " + index, Origin.L1));
			}
		}
	}

	/** Makes a cache, or finds the one of that name. */
	private static CoherentCache<String, String> cache(Tiers tiers, List<String> alike,
			List<CoherentCache<String, String>> made) {
		for (int index = 0; index < made.size(); index++) {
			if (ALIKE.get(index).get(0).equals(alike.get(0))) {
				return made.get(index);
			}
		}
		return tiers.coherent(new CoherentCacheSpec<>(alike.get(0), (key) -> key, new Utf8("v1"), (value) -> Set.of(),
				CacheSettings.DEFAULT));
	}

	private static CacheAnswer<String> lookUp(List<CoherentCache<String, String>> caches, int index) {
		String key = ALIKE.get(index).get(1);
		return caches.get(index).lookUp(key, (keys) -> Map.of(key, "value " + index));
	}

}
