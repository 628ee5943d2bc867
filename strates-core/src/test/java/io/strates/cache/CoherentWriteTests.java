package io.strates.cache;

import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheAnswer.Origin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Writes, and what is read and computed while they go on. */
class CoherentWriteTests extends CoherentCacheFixture {

	@Test
	void ownWriteIsReadFromOwnMemoryAndSeenByTheOtherNode() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		assertThat(there.get(1, this::load)).isEqualTo("old");

		put(here, 1, "new");

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L1));
		assertThat(there.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L2));
		assertThat(this.loads).hasValue(0);
	}

	@Test
	void fillThatBeganBeforeAWriteOfAnotherNodeKeepsNothingThoughItsMessageIsLate() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.database.put(1, "old");
		this.a.hold();

		String read = here.get(1, (keys) -> {
			Map<Integer, String> old = load(keys);
			put(there, 1, "new");
			return old;
		});

		assertThat(read).isEqualTo("old");
		assertThat(here.get(1, this::load)).isEqualTo("new");
		assertThat(there.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void fillThatBeganBeforeAWriteOfTheSameNodeKeepsNothing() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "old");

		here.get(1, (keys) -> {
			Map<Integer, String> old = load(keys);
			put(here, 1, "new");
			return old;
		});

		assertThat(here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void readWhileAnotherNodeWritesIsAnsweredButNotKept() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.database.put(1, "old");

		try (CacheWrite<Integer, String> write = there.write(Set.of(1), Set.of())) {
			write.awaitFences();
			assertThat(here.get(1, this::load)).isEqualTo("old");
			this.database.put(1, "new");
			write.committed(Map.of(1, "new"));
		}

		assertThat(here.get(1, this::load)).isEqualTo("new");
		assertThat(here.coherence().fillsRefused()).isEqualTo(1);
	}

	@Test
	void writesThatOverlapOnTwoNodesLeaveNothingBehind() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);

		try (CacheWrite<Integer, String> first = here.write(Set.of(1), Set.of());
				CacheWrite<Integer, String> second = there.write(Set.of(1), Set.of())) {
			this.database.put(1, "first");
			this.database.put(1, "second");
			second.committed(Map.of(1, "second"));
			first.committed(Map.of(1, "first"));
		}

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("second", Origin.L3));
		assertThat(there.get(1, this::load)).isEqualTo("second");
	}

	@Test
	void laterWriteOfAnotherNodeWhoseMessageIsLateIsNotHiddenForever() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.a.hold();
		try (CacheWrite<Integer, String> first = here.write(Set.of(1), Set.of())) {
			this.database.put(1, "first");
			put(there, 1, "second");
			first.committed(Map.of(1, "first"));
		}

		this.a.release();

		assertThat(here.get(1, this::load)).isEqualTo("second");
	}

	@Test
	void readerWhoSawTheNextWriteDoesNotGoBackToOursThoughItsMessageIsLate() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.a.hold();
		try (CacheWrite<Integer, String> first = here.write(Set.of(1), Set.of())) {
			this.database.put(1, "first");
			put(there, 1, "second");
			assertThat(here.get(1, this::load)).isEqualTo("second");
			first.committed(Map.of(1, "first"));
		}

		assertThat(here.get(1, this::load)).isEqualTo("second");
	}

	@Test
	void readThatBeganBeforeOurWriteAndSawTheNextKeepsOursOutOfMemory() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.database.put(1, "old");
		this.a.hold();

		String read = here.get(1, (keys) -> {
			try (CacheWrite<Integer, String> first = here.write(Set.of(1), Set.of())) {
				this.database.put(1, "first");
				put(there, 1, "second");
				Map<Integer, String> seen = load(keys);
				first.committed(Map.of(1, "first"));
				return seen;
			}
		});

		assertThat(read).isEqualTo("second");
		assertThat(here.get(1, this::load)).isEqualTo("second");
	}

	@Test
	void deletedValueDoesNotComeBack() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "one");
		assertThat(there.get(1, this::load)).isEqualTo("one");

		there.get(2, (keys) -> {
			put(here, 1, null);
			return Map.of();
		});

		assertThat(here.get(1, this::load)).isNull();
		assertThat(there.get(1, this::load)).isNull();
	}

	@Test
	void writeThatDidNotHappenChangesNothing() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		put(here, 1, "one");

		try (CacheWrite<Integer, String> write = here.write(Set.of(1), Set.of("written"))) {
			write.awaitFences();
		}

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L3));
		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
		assertThat(here.tagToken("written")).isNotNull();
	}

	@Test
	void writeWhoseOutcomeIsUnknownKeepsTheFence() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		try (CacheWrite<Integer, String> write = here.write(Set.of(1), Set.of())) {
			write.outcomeUnknown();
		}

		assertThat(this.memory.isFenced("c:words:1")).isTrue();
		this.database.put(1, "one");
		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
	}

	@Test
	void writeEndsOnce() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		try (CacheWrite<Integer, String> write = here.write(Set.of(1), Set.of())) {
			write.committed(Map.of());
			assertThatIllegalStateException().isThrownBy(() -> write.committed(Map.of()))
				.withMessageContaining("has ended");
		}
	}

	@Test
	void valueThatWasComputedOutsideIsKept() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);

		try (CacheFill<String> fill = here.fill(1)) {
			assertThat(fill.complete("one")).isTrue();
		}

		assertThat(here.lookUpIfCached(1)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
		assertThat(there.lookUpIfCached(1)).isEqualTo(new CacheAnswer<>("one", Origin.L2));
	}

	@Test
	void valueThatWasComputedWhileItsKeyWasWrittenIsNotKept() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.a.hold();
		try (CacheFill<String> fill = here.fill(1); CacheFill<String> own = here.fill(2)) {
			put(there, 1, "new");
			put(here, 2, "new");
			fill.complete("old");
			assertThat(own.complete("old")).isFalse();
		}

		assertThat(here.get(1, this::load)).isEqualTo("new");
		assertThat(here.get(2, this::load)).isEqualTo("new");
	}

	@Test
	void writtenValueWaitsForTheTierIfAsked() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withLocalAfterRemote(true));

		put(here, 1, "one");

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
	}

}
