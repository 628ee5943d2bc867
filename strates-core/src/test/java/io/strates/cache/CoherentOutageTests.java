package io.strates.cache;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.strates.cache.CacheAnswer.Origin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is relied on while a node is alone: no second tier, or no messages. */
class CoherentOutageTests extends CoherentCacheFixture {

	@Test
	void writesWhileTheTierIsAwayAreToldWhenItIsBack() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		assertThat(there.get(1, this::load)).isEqualTo("old");

		this.memory.goAway();
		put(here, 1, "new");
		assertThat(here.coherence().debts()).isEqualTo(2);
		assertThat(here.get(1, this::load)).isEqualTo("new");
		this.memory.comeBack();

		await().atMost(Duration.ofSeconds(30)).until(() -> here.coherence().debts() == 0);
		assertThat(there.get(1, this::load)).isEqualTo("new");
		assertThat(here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void fenceThatWentUpLateDoesNotOutliveItsWrite() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.a.beLate(true);

		put(here, 1, "new");

		this.a.beLate(false);
		await().until(() -> here.coherence().debts() == 0);
		assertThat(there.get(1, this::load)).isEqualTo("new");
		assertThat(there.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L1));
	}

	@Test
	void readerDoesNotGoBackToWhatTheTierHeldBeforeItWasAway() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		there.get(1, this::load);
		this.memory.goAway();
		// As by a node that has not told it yet.
		this.database.put(1, "new");
		this.clock.addAndGet(TimeUnit.MINUTES.toNanos(6));
		assertThat(there.get(1, this::load)).isEqualTo("new");
		this.memory.comeBack();
		this.b.lose();

		assertThat(there.get(1, this::load)).isEqualTo("new");
		this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(there.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void tooManyDebtsBecomeOneForTheWholeCache() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(here, 1, "old");
		assertThat(there.get(1, this::load)).isEqualTo("old");
		this.memory.goAway();
		Map<Integer, String> many = new LinkedHashMap<>();
		for (int key = 1; key <= 10_001; key++) {
			many.put(key, "new");
		}

		try (CacheWrite<Integer, String> write = here.write(many.keySet(), Set.of())) {
			this.database.putAll(many);
			write.committed(many);
		}

		assertThat(here.coherence().debts()).isLessThan(10);
		this.memory.comeBack();
		await().atMost(Duration.ofSeconds(30)).until(() -> here.coherence().debts() == 0);
		assertThat(there.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void memoryIsGoodForMomentsWhileTheOthersAreNotHeard() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "one");
		here.get(1, this::load);
		this.a.trust(false);

		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L1);
		this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));

		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L2);
	}

	@Test
	void lostMessagesEmptyTheMemory() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		put(there, 1, "old");
		assertThat(here.get(1, this::load)).isEqualTo("old");
		this.a.hold();
		put(there, 1, "new");
		assertThat(here.get(1, this::load)).isEqualTo("old");

		this.a.lose();

		assertThat(here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void loadWithoutALeaseIsGoodForMomentsOnly() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "one");
		this.memory.goAway();
		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L1);

		this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));

		assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
	}

	@Test
	void memoryAloneIsReliedOnByAnOnlyNode() {
		try (Tiers alone = Tiers.builder("test").onlyNode().ticker(this.clock::get).build()) {
			CoherentCache<Integer, String> here = alone
				.coherent(CoherentCacheSpec.of("words", String::valueOf, new Utf8("v1"), this.settings));
			assertThat(here.get(1, this::load)).isNull();
			put(here, 1, "one");
			this.database.put(2, "two");
			here.get(2, this::load);
			this.clock.addAndGet(TimeUnit.SECONDS.toNanos(100));

			assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L1));
			assertThat(here.lookUp(2, this::load)).isEqualTo(new CacheAnswer<>("two", Origin.L1));
			here.invalidateAll();
			assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("one", Origin.L3));
			assertThat(here.tagToken("written")).isNotNull();
		}
	}

	@Test
	void memoryAloneIsGoodForMomentsIfThereMayBeOtherNodes() {
		try (Tiers alone = Tiers.builder("test").ticker(this.clock::get).build()) {
			CoherentCache<Integer, String> here = alone
				.coherent(CoherentCacheSpec.of("words", String::valueOf, new Utf8("v1"), this.settings));
			put(here, 1, "one");
			assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L1);
			this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));

			assertThat(here.lookUp(1, this::load).origin()).isEqualTo(Origin.L3);
		}
	}

}
