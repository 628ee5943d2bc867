package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheAnswer.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Whoever has read a value never reads an older one afterwards, though the messages of
 * the other node have not come yet.
 */
class CoherentOrderTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final SharedMemory memory = new SharedMemory();

	private final AtomicLong clock = new AtomicLong();

	private final Map<Integer, String> database = new ConcurrentHashMap<>();

	private final List<Tiers> tiers = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final SharedMemory.Node a = this.memory.node();

	private final CoherentCache<Integer, String> here = cache(this.a, CacheSettings.DEFAULT);

	private final CoherentCache<Integer, String> there = cache(this.memory.node(), CacheSettings.DEFAULT);

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.tiers.forEach(Tiers::close);
	}

	private CoherentCache<Integer, String> cache(SharedMemory.Node node, CacheSettings settings) {
		Tiers made = Tiers.builder("test").coherent(node).ticker(this.clock::get).build();
		this.tiers.add(made);
		return made.coherent(CoherentCacheSpec.of("words", String::valueOf, new Utf8("v1"), settings));
	}

	private CoherentCache<Integer, String> tagged(SharedMemory.Node node) {
		Tiers made = Tiers.builder("test").coherent(node).ticker(this.clock::get).build();
		this.tiers.add(made);
		return made.coherent(new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"), (word) -> Set.of("red"),
				CacheSettings.DEFAULT));
	}

	private Map<Integer, String> load(Set<Integer> keys) {
		Map<Integer, String> found = new HashMap<>(this.database);
		found.keySet().retainAll(keys);
		return found;
	}

	private void put(CoherentCache<Integer, String> cache, String value) {
		try (CacheWrite<Integer, String> write = cache.write(Set.of(1), Set.of())) {
			write.awaitFences();
			this.database.put(1, value);
			write.committed(Map.of(1, value));
		}
	}

	@Test
	void valueOfBeforeIsNotKeptWhileTheTagsOfAClusterAreToldOneAfterTheOther() {
		SharedMemory.Node deaf = this.memory.node();
		SharedMemory.Node telling = this.memory.node();
		CoherentCache<Integer, String> invalidating = tagged(telling);
		CoherentCache<Integer, String> reading = tagged(deaf);
		this.database.put(1, "old");
		deaf.hold();
		CompletableFuture<Void> slots = telling.splitInvalidations();
		List<Future<?>> invalidation = new ArrayList<>();

		reading.get(1, (keys) -> {
			Map<Integer, String> found = load(keys);
			this.database.put(1, "new");
			invalidation.add(this.threads.submit(() -> invalidating.invalidateTag("red")));
			await().atMost(PATIENCE).until(telling::hasSplit);
			return found;
		});
		slots.complete(null);
		for (Future<?> each : invalidation) {
			assertThat(each).succeedsWithin(PATIENCE);
		}
		deaf.release();

		assertThat(tagged(this.memory.node()).get(1, this::load)).isEqualTo("new");
		assertThat(reading.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void laterReadThatBeganEarlierDropsWhatAnotherHasKept() {
		this.database.put(1, "old");
		this.a.hold();

		String read = this.here.get(1, (keys) -> {
			this.here.invalidate(Set.of(1));
			assertThat(this.here.get(1, this::load)).isEqualTo("old");
			put(this.there, "new");
			return load(keys);
		});

		assertThat(read).isEqualTo("new");
		assertThat(this.here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void laterReadThatBeganEarlierDropsWhatItsNodeHasWritten() {
		this.a.hold();

		String read = this.here.get(1, (keys) -> {
			this.here.invalidate(Set.of(1));
			put(this.here, "first");
			put(this.there, "second");
			return load(keys);
		});

		assertThat(read).isEqualTo("second");
		assertThat(this.here.get(1, this::load)).isEqualTo("second");
	}

	@Test
	void valueOfTheSecondTierThatIsNotKeptDropsWhatAnotherHasKept() {
		put(this.there, "old");
		this.a.hold();
		AtomicBoolean first = new AtomicBoolean(true);
		this.memory.beforeFetch(() -> {
			if (first.getAndSet(false)) {
				this.here.invalidate(Set.of(1));
				assertThat(this.here.get(1, this::load)).isEqualTo("old");
				put(this.there, "new");
			}
		});

		// A single key would wait for the fetch that is under way.
		assertThat(this.here.getAll(List.of(1, 2), this::load)).containsEntry(1, "new");
		assertThat(this.here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void absentValueThatIsNotKeptDropsWhatAnotherHasKept() {
		this.database.put(1, "old");
		this.a.hold();

		String read = this.here.get(1, (keys) -> {
			this.here.invalidate(Set.of(1));
			assertThat(this.here.get(1, this::load)).isEqualTo("old");
			this.there.invalidate(Set.of(1));
			this.database.remove(1);
			return load(keys);
		});

		assertThat(read).isNull();
		assertThat(this.here.get(1, this::load)).isNull();
	}

	@Test
	void readerDoesNotJoinAFlightThatMayBringAnOlderValueAndTheNextIsKept() throws Exception {
		this.database.put(1, "old");
		this.a.hold();
		CountDownLatch slow = new CountDownLatch(1);
		List<Future<@Nullable String>> others = new ArrayList<>();

		String read = this.here.get(1, (keys) -> {
			this.here.invalidate(Set.of(1));
			CountDownLatch begun = new CountDownLatch(1);
			others.add(this.threads.submit(() -> this.here.get(1, (same) -> {
				Map<Integer, String> old = load(same);
				begun.countDown();
				awaitQuietly(slow);
				return old;
			})));
			awaitQuietly(begun);
			put(this.there, "new");
			return load(keys);
		});
		assertThat(read).isEqualTo("new");
		others.add(this.threads.submit(() -> this.here.get(1, this::load)));
		await().atMost(PATIENCE).until(() -> this.here.statistics().coalesced() == 1);
		slow.countDown();

		assertThat(others.get(0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(others.get(1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("new");
		assertThat(this.here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L1));
	}

	@Test
	void readerDoesNotTakeTheStaleValueOfAFlightThatWasOvertaken() throws Exception {
		CacheSettings settings = CacheSettings.DEFAULT.withMaxStale(Duration.ofHours(1));
		CountDownLatch found = new CountDownLatch(1);
		CountDownLatch slow = new CountDownLatch(1);
		SharedMemory.Node node = this.memory.node();
		Tiers made = Tiers.builder("test").coherent(node).ticker(() -> {
			// The clock is looked at when the entry has been found.
			if (isLookingForAStaleEntry()) {
				found.countDown();
				awaitQuietly(slow);
			}
			return this.clock.get();
		}).build();
		this.tiers.add(made);
		CoherentCache<Integer, String> cache = made
			.coherent(CoherentCacheSpec.of("words", String::valueOf, new Utf8("v1"), settings));
		this.database.put(1, "old");
		node.hold();
		List<Future<@Nullable String>> others = new ArrayList<>();

		String read = cache.get(1, (keys) -> {
			cache.invalidate(Set.of(1));
			assertThat(cache.get(1, this::load)).isEqualTo("old");
			this.clock.addAndGet(settings.localTimeToLive().toNanos());
			this.there.invalidate(Set.of(1));
			this.database.put(1, "new");
			others.add(this.threads.submit(() -> cache.get(1, (same) -> {
				throw new IllegalStateException("The database is away");
			})));
			awaitQuietly(found);
			return load(keys);
		});
		assertThat(read).isEqualTo("new");
		others.add(this.threads.submit(() -> cache.get(1, this::load)));
		await().atMost(PATIENCE).until(() -> cache.statistics().coalesced() == 1);
		slow.countDown();

		assertThat(others.get(0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(others.get(1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("new");
	}

	private static boolean isLookingForAStaleEntry() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.anyMatch((frame) -> frame.getMethodName().equals("landStale")));
	}

	@Test
	void readerDoesNotJoinALoadThatBeganBeforeAllWasForgotten() {
		assertLoadedAnewAfter(() -> this.here.invalidateAll());
		assertLoadedAnewAfter(() -> this.there.invalidateAll());
		assertLoadedAnewAfter(() -> this.here.invalidateTag("colour"));
		assertLoadedAnewAfter(() -> this.there.invalidateTag("colour"));
	}

	private void assertLoadedAnewAfter(Runnable forgetting) {
		this.here.invalidate(Set.of(1));
		this.database.put(1, "old");
		this.here.get(1, (keys) -> {
			Map<Integer, String> old = load(keys);
			this.database.put(1, "new");
			forgetting.run();
			assertThat(this.here.get(1, this::load)).isEqualTo("new");
			return old;
		});
		assertThat(this.here.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void loadThatWasGivenUpDoesNotHideALaterWrite() throws Exception {
		CoherentCache<Integer, String> impatient = cache(this.memory.node(),
				CacheSettings.DEFAULT.withLoadTimeout(Duration.ofMillis(50)));
		this.memory.goAway();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch hung = new CountDownLatch(1);
		Future<@Nullable String> leader = this.threads.submit(() -> impatient.get(1, (keys) -> {
			begun.countDown();
			awaitQuietly(hung);
			return Map.of(1, "old");
		}));
		awaitQuietly(begun);
		assertThatExceptionOfType(LoadFailedException.class).isThrownBy(() -> impatient.get(1, this::load));
		this.memory.comeBack();
		put(impatient, "new");
		hung.countDown();
		leader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

		assertThat(impatient.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void nodeReadsTheDatabaseWhileItWritesThoughTheSecondTierWasNotTold() {
		put(this.there, "old");
		this.memory.goAway();
		try (CacheWrite<Integer, String> write = this.here.write(Set.of(1), Set.of())) {
			write.awaitFences();
			this.memory.comeBack();
			this.clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
			this.database.put(1, "new");

			assertThat(this.here.lookUp(1, this::load)).isEqualTo(new CacheAnswer<>("new", Origin.L3));
			assertThat(this.here.lookUpIfCached(1)).isNull();
			write.committed(Map.of(1, "new"));
		}
	}

	@Test
	void valueThatWasWrittenBeforeAllWasInvalidatedIsNotKept() {
		try (CacheWrite<Integer, String> write = this.here.write(Set.of(1), Set.of())) {
			write.awaitFences();
			this.database.put(1, "old");
			this.database.put(1, "new");
			this.there.invalidateAll();
			write.committed(Map.of(1, "old"));
		}

		assertThat(this.here.get(1, this::load)).isEqualTo("new");
		assertThat(this.there.get(1, this::load)).isEqualTo("new");
	}

	@Test
	void valueThatWasReadBeforeItsTagWasInvalidatedIsNotKeptThoughAnotherReaderKnowsTheTag() {
		CoherentCache<Integer, String> tagged = this.tiers.get(0)
			.coherent(new CoherentCacheSpec<>("tagged", String::valueOf, new Utf8("v1"), (value) -> Set.of("tag"),
					CacheSettings.DEFAULT));
		this.database.putAll(Map.of(1, "old", 2, "other"));

		tagged.get(1, (keys) -> {
			Map<Integer, String> old = load(keys);
			this.database.put(1, "new");
			tagged.invalidateTag("tag");
			tagged.get(2, this::load);
			return old;
		});

		assertThat(tagged.get(1, this::load)).isEqualTo("new");
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
