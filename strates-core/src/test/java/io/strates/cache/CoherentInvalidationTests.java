package io.strates.cache;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is forgotten by key, by tag and in all, and what is offered meanwhile. */
class CoherentInvalidationTests extends CoherentCacheFixture {

	@Test
	void invalidatedKeyIsLoadedAgainOnEveryNode() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		there.get(1, this::load);
		this.database.put(1, "new");

		here.invalidate(Set.of(1));

		assertThat(there.get(1, this::load)).isEqualTo("new");
		assertThat(here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void allKeysAreForgottenInOneStep() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		put(here, 2, "old");
		there.getAll(List.of(1, 2), this::load);
		String token = here.tagToken("written");
		this.database.replaceAll((key, value) -> "new");

		here.invalidateAll();

		assertThat(there.getAll(List.of(1, 2), this::load)).containsExactly(Map.entry(1, "new"), Map.entry(2, "new"));
		assertThat(here.getAll(List.of(2, 1), this::load)).containsExactly(Map.entry(2, "new"), Map.entry(1, "new"));
		assertThat(here.tagToken("written")).isNotEqualTo(token);
	}

	@Test
	void keysOfATagAreForgottenInOneStepAndOthersStay() {
		CoherentCacheSpec<Integer, String> spec = new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"),
				(value) -> Set.of(value.substring(0, 1)), this.settings);
		CoherentCache<Integer, String> here = cache(this.a, spec);
		CoherentCache<Integer, String> there = cache(this.b, spec);
		this.database.putAll(Map.of(1, "apple", 2, "bee"));
		here.getAll(List.of(1, 2), this::load);
		there.getAll(List.of(1, 2), this::load);
		this.database.putAll(Map.of(1, "almond", 2, "bear"));

		here.invalidateTag("a");

		assertThat(here.getAll(List.of(1, 2), this::load).values()).containsExactly("almond", "bee");
		assertThat(there.getAll(List.of(1, 2), this::load).values()).containsExactly("almond", "bee");
	}

	@Test
	void tagThatIsInvalidatedDuringALoadIsNotKeptUnderItsNewState() {
		CoherentCacheSpec<Integer, String> spec = new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"),
				(value) -> Set.of(value.substring(0, 1)), this.settings);
		CoherentCache<Integer, String> here = cache(this.a, spec);
		CoherentCache<Integer, String> there = cache(this.b, spec);
		this.a.hold();

		here.get(1, (keys) -> {
			there.invalidateTag("a");
			return Map.of(1, "apple");
		});
		this.database.put(1, "almond");

		assertThat(here.get(1, this::load)).isEqualTo("almond");
	}

	@Test
	void tagTokenChangesWithEveryWriteAndIsThereAgainAfterwards() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		String before = there.tagToken("written");
		assertThat(there.tagToken("written")).isEqualTo(before).isEqualTo(here.tagToken("written"));

		try (CacheWrite<Integer, String> write = here.write(Set.of(1), Set.of("written"))) {
			write.awaitFences();
			assertThat(there.tagToken("written")).isNull();
			assertThat(here.tagToken("written")).isNull();
			write.committed(Map.of(1, "one"));
		}

		assertThat(there.tagToken("written")).isNotNull().isNotEqualTo(before);
	}

	@Test
	void offeredValuesAreKept() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		String token = here.tagToken("written");

		here.offer(Map.of(1, "one", 2, "two"), "written", String.valueOf(token));

		assertThat(here.getAll(List.of(1, 2), this::load).values()).containsExactly("one", "two");
		assertThat(this.loads).hasValue(0);
	}

	@Test
	void offeredValuesAreNotKeptIfSomethingWasWrittenSinceTheyWereRead() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		String token = here.tagToken("written");
		this.a.hold();
		put(there, 1, "new");
		there.invalidate(Set.of(1));

		here.offer(Map.of(1, "old"), "written", String.valueOf(token));

		assertThat(here.get(1, this::load)).isEqualTo("new");
	}

}
