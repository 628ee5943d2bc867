package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheAnswer.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class CoherentCacheTests {

	private final SharedMemory memory = new SharedMemory();

	private final AtomicLong clock = new AtomicLong();

	private final Map<Integer, String> database = new ConcurrentHashMap<>();

	private final AtomicInteger loads = new AtomicInteger();

	private final List<Tiers> tiers = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final SharedMemory.Node a = this.memory.node();

	private final SharedMemory.Node b = this.memory.node();

	private final CacheSettings settings = CacheSettings.DEFAULT.withJitter(0);

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.tiers.forEach(Tiers::close);
	}

	private Tiers tiers(SharedMemory.Node node) {
		Tiers made = Tiers.builder("test").coherent(node).ticker(this.clock::get).build();
		this.tiers.add(made);
		return made;
	}

	private CoherentCache<Integer, String> cache(SharedMemory.Node node, CacheSettings settings) {
		return cache(node,
				new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"), (value) -> Set.of(), settings));
	}

	private CoherentCache<Integer, String> cache(SharedMemory.Node node, CoherentCacheSpec<Integer, String> spec) {
		return tiers(node).coherent(spec);
	}

	private Map<Integer, String> load(Set<Integer> keys) {
		this.loads.incrementAndGet();
		Map<Integer, String> found = new HashMap<>(this.database);
		found.keySet().retainAll(keys);
		return found;
	}

	private void put(CoherentCache<Integer, String> cache, int key, @Nullable String value) {
		Map<Integer, @Nullable String> written = new HashMap<>();
		written.put(key, value);
		try (CacheWrite<Integer, String> write = cache.write(Set.of(key), Set.of("written"))) {
			write.awaitFences();
			store(key, value);
			write.committed(written);
		}
	}

	private void store(int key, @Nullable String value) {
		if (value != null) {
			this.database.put(key, value);
		}
		else {
			this.database.remove(key);
		}
	}

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
	void failedLoadIsAnErrorAndNothingIsKept() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withAbsentTimeToLive(Duration.ofMinutes(1)));
		assertThatIllegalStateException().isThrownBy(() -> here.get(1, (keys) -> {
			throw new IllegalStateException("down");
		}));
		this.database.put(1, "one");

		assertThat(here.get(1, this::load)).isEqualTo("one");
	}

	@Test
	void lastValueIsServedWhileItCannotBeLoadedIfAllowed() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withMaxStale(Duration.ofMinutes(10)));
		this.database.put(1, "one");
		here.get(1, this::load);
		this.memory.goAway();
		this.clock.addAndGet(Duration.ofMinutes(6).toNanos());
		BatchLoader<Integer, String> broken = (keys) -> {
			throw new IllegalStateException("down");
		};

		assertThat(here.lookUp(1, broken)).isEqualTo(new CacheAnswer<>("one", Origin.STALE));
		assertThat(here.coherence().staleAnswers()).isEqualTo(1);

		this.clock.addAndGet(Duration.ofMinutes(10).toNanos());
		assertThatIllegalStateException().isThrownBy(() -> here.get(1, broken));
	}

	@Test
	void lastValueIsNotServedIfItWasOverwritten() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withMaxStale(Duration.ofMinutes(10)));
		CoherentCache<Integer, String> there = cache(this.b, this.settings);
		this.database.put(1, "one");
		here.get(1, this::load);
		put(there, 1, "two");
		this.memory.goAway();

		assertThatIllegalStateException().isThrownBy(() -> here.get(1, (keys) -> {
			throw new IllegalStateException("down");
		}));
	}

	@Test
	void lastValueIsServedWhileTheLoadIsSlowIfAllowed() throws Exception {
		CoherentCache<Integer, String> here = cache(this.a,
				this.settings.withRemoteTimeToLive(Duration.ofMinutes(5))
					.withMaxStale(Duration.ofMinutes(10))
					.withSoftTimeout(Duration.ofMillis(1)));
		this.database.put(1, "one");
		here.get(1, this::load);
		here.invalidate(Set.of());
		this.clock.addAndGet(Duration.ofMinutes(6).toNanos());
		this.memory.goAway();
		CountDownLatch slow = new CountDownLatch(1);

		CacheAnswer<String> answer = here.lookUp(1, (keys) -> {
			awaitQuietly(slow);
			return Map.of(1, "two");
		});

		assertThat(answer).isEqualTo(new CacheAnswer<>("one", Origin.STALE));
		slow.countDown();
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(here.lookUp(1, this::load).value()).isEqualTo("two"));
	}

	@Test
	void valueIsRefreshedBeforeItsTimeIsOver() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withRefreshAhead(0.5));
		this.database.put(1, "old");
		here.get(1, this::load);
		this.database.put(1, "new");
		this.clock.addAndGet(Duration.ofMinutes(3).toNanos());

		assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("old", Origin.L1));

		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L1)));
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
	void manyThreadsLoadAKeyOnce() throws Exception {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);
		this.database.put(1, "one");
		int readers = 100;
		CyclicBarrier start = new CyclicBarrier(readers);
		CountDownLatch loading = new CountDownLatch(1);
		List<Future<@Nullable String>> answers = new ArrayList<>();
		for (int reader = 0; reader < readers; reader++) {
			answers.add(this.threads.submit(() -> {
				start.await();
				return here.get(1, (keys) -> {
					awaitQuietly(loading);
					return load(keys);
				});
			}));
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> here.statistics().coalesced() == readers - 1);
		loading.countDown();

		for (Future<@Nullable String> answer : answers) {
			assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("one");
		}
		assertThat(this.loads).hasValue(1);
		assertThat(this.memory.fetches()).isEqualTo(1);
	}

	@Test
	void oneNodeLoadsForAllIfAsked() throws Exception {
		CacheSettings once = this.settings.withOneLoadPerCluster(true);
		CoherentCache<Integer, String> here = cache(this.a, once);
		CoherentCache<Integer, String> there = cache(this.b, once);
		this.database.put(1, "one");
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		Future<@Nullable String> first = this.threads.submit(() -> here.get(1, (keys) -> {
			begun.countDown();
			awaitQuietly(loading);
			return load(keys);
		}));
		begun.await();

		Future<@Nullable String> second = this.threads.submit(() -> there.get(1, this::load));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.memory.fetches() >= 2);
		loading.countDown();

		assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("one");
		assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("one");
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void nodeThatFailsToLoadLeavesItToTheNext() {
		CacheSettings once = this.settings.withOneLoadPerCluster(true);
		CoherentCache<Integer, String> here = cache(this.a, once);
		CoherentCache<Integer, String> there = cache(this.b, once);
		this.database.put(1, "one");
		assertThatIllegalStateException().isThrownBy(() -> here.get(1, (keys) -> {
			throw new IllegalStateException("down");
		}));

		assertThat(there.get(1, this::load)).isEqualTo("one");
	}

	@Test
	void waiterLeavesAtItsDeadlineAndFreesTheKey() throws Exception {
		CoherentCache<Integer, String> here = cache(this.a, this.settings.withLoadTimeout(Duration.ofMillis(50)));
		CountDownLatch hung = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		Future<@Nullable String> leader = this.threads.submit(() -> here.get(1, (keys) -> {
			begun.countDown();
			awaitQuietly(hung);
			return Map.of(1, "late");
		}));
		begun.await();

		assertThatExceptionOfType(LoadFailedException.class).isThrownBy(() -> here.get(1, this::load))
			.withMessageContaining("'words' 1 was not loaded in time");
		this.database.put(1, "one");
		assertThat(here.get(1, this::load)).isEqualTo("one");
		hung.countDown();
		assertThat(leader.get(10, TimeUnit.SECONDS)).isEqualTo("late");
	}

	@Test
	void loaderThatAsksForItsOwnKeyIsToldSo() {
		CoherentCache<Integer, String> here = cache(this.a, this.settings);

		assertThatIllegalStateException()
			.isThrownBy(() -> here.get(1, (keys) -> Map.of(1, String.valueOf(here.get(1, this::load)))))
			.withMessageContaining("asks for 'words' 1 itself");
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

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
