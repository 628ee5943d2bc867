package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.cache.jackson.JacksonCodecs;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What a cache of immutable values promises, on a second tier in memory. */
class ImmutableCacheTests {

	private final InMemoryTier remote = new InMemoryTier();

	private final Tiers tiers = Tiers.builder("shop").remote(this.remote, JacksonCodecs.json()).build();

	private final ImmutableCache<Key, Price> prices = this.tiers.immutable(spec("price", Duration.ofSeconds(30)));

	private final AtomicInteger loads = new AtomicInteger();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private static ImmutableCacheSpec<Key, Price> spec(String name, Duration loadTimeout) {
		return new ImmutableCacheSpec<>(name, Price.class, Key::build, Key::id, 1_000, Duration.ofHours(1),
				loadTimeout);
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.tiers.close();
	}

	@Test
	void valueThatWasLoadedIsNeitherLoadedNorFetchedAgain() {
		Price first = this.prices.get(new Key("b1", "anorak"), this::load);

		Price second = this.prices.get(new Key("b1", "anorak"), this::load);

		assertThat(first).isEqualTo(new Price("anorak", 6, List.of("b1")));
		assertThat(second).isSameAs(first);
		assertThat(this.loads).hasValue(1);
		assertThat(this.remote.fetches).hasValue(1);
	}

	@Test
	void valueOfAnotherNodeIsFetchedInsteadOfLoaded() {
		this.prices.get(new Key("b1", "anorak"), this::load);

		try (Tiers other = Tiers.builder("shop").remote(this.remote, JacksonCodecs.json()).build()) {
			ImmutableCache<Key, Price> cache = other.immutable(spec("price", Duration.ofSeconds(30)));

			assertThat(cache.get(new Key("b1", "anorak"), this::load)).isEqualTo(new Price("anorak", 6, List.of("b1")));
			assertThat(cache.statistics().remoteHits()).isEqualTo(1);
		}
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void absenceIsCachedInBothTiers() {
		Key unknown = new Key("b1", "-");
		assertThat(this.prices.get(unknown, this::load)).isNull();

		assertThat(this.prices.get(unknown, this::load)).isNull();
		this.prices.removeLocal(Set.of("b1"));
		assertThat(this.prices.get(unknown, this::load)).isNull();

		assertThat(this.loads).hasValue(1);
		assertThat(this.prices.statistics().remoteHits()).isEqualTo(1);
	}

	@Test
	void valueIsPeekedAtInMemoryAlone() {
		Key anorak = new Key("b1", "anorak");
		assertThat(this.prices.peek(anorak)).isNull();

		Price loaded = this.prices.get(anorak, this::load);

		assertThat(this.prices.peek(anorak)).isSameAs(loaded).isNotNull();
		this.prices.removeLocal(Set.of("b1"));
		assertThat(this.prices.peek(anorak)).isNull();
		assertThat(this.remote.fetches).hasValue(1);
	}

	@Test
	void readsAreCountedOnce() {
		Key anorak = new Key("b1", "anorak");
		Key unknown = new Key("b1", "-");
		this.prices.peek(anorak);
		this.prices.getAll(List.of(anorak, unknown), this::load);

		this.prices.get(anorak, this::load);
		this.prices.get(unknown, this::load);
		this.prices.peek(anorak);
		this.prices.peek(unknown);
		this.prices.getAll(List.of(anorak, unknown), this::load);

		assertThat(this.prices.statistics().localMisses()).isEqualTo(2);
		assertThat(this.prices.statistics().localHits()).isEqualTo(5);
	}

	@Test
	void keysOfTwoGroupsAreNotMixedUp() {
		Price first = this.prices.get(new Key("b1", "anorak"), this::load);

		Price second = this.prices.get(new Key("b2", "anorak"), this::load);

		assertThat(first).extracting(Price::tags).isEqualTo(List.of("b1"));
		assertThat(second).extracting(Price::tags).isEqualTo(List.of("b2"));
	}

	@Test
	void keysWhoseTextsWouldMeetAreNotMixedUp() {
		Price first = this.prices.get(new Key("b:1", "x"), this::load);
		Price second = this.prices.get(new Key("b", "1:x"), this::load);
		this.prices.removeLocal(Set.of("b:1", "b"));

		assertThat(this.prices.get(new Key("b:1", "x"), this::load)).isEqualTo(first);
		assertThat(this.prices.get(new Key("b", "1:x"), this::load)).isEqualTo(second).isNotEqualTo(first);
		assertThat(this.loads).hasValue(2);
	}

	@Test
	void keysInTheSecondTierBeginWithTheNamespaceAsItWasGiven() {
		try (Tiers spaced = Tiers.builder("strates:shop").remote(this.remote, JacksonCodecs.json()).build()) {
			spaced.immutable(spec("price", Duration.ofSeconds(30))).get(new Key("b1", "a:b"), this::load);
		}

		assertThat(this.remote.values.keySet()).singleElement()
			.asString()
			.matches("strates:shop:i:price@[0-9a-f]{16}:b1:a%3Ab");
	}

	@Test
	void severalKeysTakeOneFetchAndOneLoad() {
		this.prices.get(new Key("b1", "anorak"), this::load);
		this.remote.fetches.set(0);
		this.loads.set(0);
		List<Key> keys = List.of(new Key("b1", "hat"), new Key("b1", "-"), new Key("b1", "anorak"),
				new Key("b1", "boots"), new Key("b1", "hat"));

		Map<Key, Price> found = this.prices.getAll(keys, this::load);

		assertThat(found.keySet()).extracting(Key::id).containsExactly("hat", "anorak", "boots");
		assertThat(this.remote.fetches).hasValue(1);
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void manyThreadsOnOneColdKeyCauseOneLoad() throws Exception {
		int readers = 100;
		CyclicBarrier start = new CyclicBarrier(readers);
		CountDownLatch allButOneWait = new CountDownLatch(1);
		List<Future<Price>> answers = new ArrayList<>();
		for (int reader = 0; reader < readers; reader++) {
			answers.add(this.threads.submit(() -> {
				start.await();
				return this.prices.get(new Key("b1", "anorak"), (keys) -> {
					await(allButOneWait);
					return load(keys);
				});
			}));
		}

		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.prices.statistics().coalesced() == readers - 1);
		allButOneWait.countDown();

		for (Future<Price> answer : answers) {
			assertThat(answer.get()).isEqualTo(new Price("anorak", 6, List.of("b1")));
		}
		assertThat(this.loads).hasValue(1);
		assertThat(this.remote.fetches).hasValue(1);
	}

	@Test
	void loadThatFailsIsAnErrorForAllWhoWaitAndIsNotCached() throws Exception {
		CountDownLatch waits = new CountDownLatch(1);
		Key key = new Key("b1", "anorak");
		Future<Price> leader = this.threads.submit(() -> this.prices.get(key, (keys) -> {
			await(waits);
			throw new IllegalStateException("the database is away");
		}));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.prices.statistics().loads() == 1);
		Future<Price> follower = this.threads.submit(() -> this.prices.get(key, this::load));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.prices.statistics().coalesced() == 1);

		waits.countDown();

		assertThat(failure(leader)).isInstanceOf(IllegalStateException.class).hasMessage("the database is away");
		assertThat(failure(follower)).isInstanceOf(LoadFailedException.class)
			.hasMessageContaining("'price' Key[build=b1, id=anorak] could not be loaded by thread")
			.hasRootCauseMessage("the database is away");
		assertThat(this.prices.get(key, this::load)).isNotNull();
	}

	@Test
	void loadThatHangsReleasesItsWaitersAndItsKey() throws Exception {
		ImmutableCache<Key, Price> impatient = this.tiers.immutable(spec("impatient", Duration.ofMillis(50)));
		Key key = new Key("b1", "anorak");
		CountDownLatch hangs = new CountDownLatch(1);
		Future<Price> hung = this.threads.submit(() -> impatient.get(key, (keys) -> {
			await(hangs);
			return load(keys);
		}));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> impatient.statistics().loads() == 1);

		assertThatExceptionOfType(LoadFailedException.class).isThrownBy(() -> impatient.get(key, this::load))
			.withMessageContaining("was not loaded within PT0.05S");

		assertThat(impatient.get(key, this::load)).isEqualTo(new Price("anorak", 6, List.of("b1")));
		assertThat(hung).isNotDone();
		hangs.countDown();
		assertThat(hung.get()).isEqualTo(new Price("anorak", 6, List.of("b1")));
	}

	@Test
	void readerThatIsInterruptedLeavesTheLoadToTheOthers() throws Exception {
		CountDownLatch waits = new CountDownLatch(1);
		Key key = new Key("b1", "anorak");
		Future<Price> leader = this.threads.submit(() -> this.prices.get(key, (keys) -> {
			await(waits);
			return load(keys);
		}));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.prices.statistics().loads() == 1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread impatient = new Thread(() -> {
			try {
				this.prices.get(key, this::load);
			}
			catch (LoadFailedException ex) {
				interrupted.complete(Thread.currentThread().isInterrupted());
			}
		});
		impatient.start();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.prices.statistics().coalesced() == 1);

		impatient.interrupt();

		assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
		Future<Price> later = this.threads.submit(() -> this.prices.get(key, this::load));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.prices.statistics().coalesced() == 2);
		waits.countDown();
		assertThat(later.get()).isSameAs(leader.get());
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void valueThatCannotBeEncodedIsKeptInMemory() {
		ImmutableCache<Key, Circular> circles = this.tiers.immutable(new ImmutableCacheSpec<>("circle", Circular.class,
				Key::build, Key::id, 10, Duration.ofHours(1), Duration.ofSeconds(30)));
		Key key = new Key("b1", "round");

		Circular first = circles.get(key, (keys) -> Map.of(key, new Circular(1)));
		Circular second = circles.get(key, (keys) -> Map.of());

		assertThat(second).isSameAs(first);
		assertThat(this.remote.values).isEmpty();
	}

	@Test
	void loaderThatAsksForItsOwnKeyFailsInsteadOfWaitingForItself() {
		Key key = new Key("b1", "anorak");

		assertThatIllegalStateException()
			.isThrownBy(() -> this.prices.get(key, (keys) -> Map.of(key, this.prices.get(key, this::load))))
			.withMessageContaining("asks for 'price' Key[build=b1, id=anorak] itself");
	}

	@Test
	void secondTierThatIsAwayIsPassedBy() {
		this.remote.away = true;

		assertThat(this.prices.get(new Key("b1", "anorak"), this::load)).isNotNull();
		assertThat(this.prices.getAll(List.of(new Key("b1", "hat"), new Key("b1", "boots")), this::load)).hasSize(2);

		this.remote.away = false;
		this.prices.removeLocal(Set.of("b1"));
		assertThat(this.prices.get(new Key("b1", "anorak"), this::load)).isNotNull();
		assertThat(this.prices.statistics().remoteHits()).isZero();
	}

	@Test
	void garbageInTheSecondTierIsAMissAndIsMended() {
		Key key = new Key("b1", "anorak");
		this.prices.get(key, this::load);
		this.remote.values.replaceAll((text, bytes) -> "{\"id\":".getBytes(StandardCharsets.UTF_8));
		this.prices.removeLocal(Set.of("b1"));

		assertThat(this.prices.get(key, this::load)).isEqualTo(new Price("anorak", 6, List.of("b1")));

		assertThat(this.loads).hasValue(2);
		this.prices.removeLocal(Set.of("b1"));
		this.prices.get(key, this::load);
		assertThat(this.loads).hasValue(2);
	}

	@Test
	void valueCannotBeChangedByACallerOrItsLoader() {
		List<String> tags = new ArrayList<>(List.of("warm"));
		Key key = new Key("b1", "anorak");
		this.prices.get(key, (keys) -> Map.of(key, new Price("anorak", 6, tags)));

		tags.add("cold");

		Price cached = this.prices.get(key, this::load);
		assertThat(cached.tags()).containsExactly("warm");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> cached.tags().add("cold"));
	}

	@Test
	void groupThatIsRemovedLeavesBothTiersAndNoOther() {
		this.prices.get(new Key("b1", "anorak"), this::load);
		this.prices.get(new Key("b1x", "anorak"), this::load);

		assertThat(this.prices.removeAll(Set.of("b1"))).isEqualTo(1);

		this.loads.set(0);
		this.prices.get(new Key("b1x", "anorak"), this::load);
		assertThat(this.loads).hasValue(0);
		this.prices.get(new Key("b1", "anorak"), this::load);
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void localTierHoldsNoMoreThanItsMaximum() {
		ImmutableCache<Key, Price> small = this.tiers.immutable(new ImmutableCacheSpec<>("small", Price.class,
				Key::build, Key::id, 10, Duration.ofHours(1), Duration.ofSeconds(30)));

		for (int id = 0; id < 1_000; id++) {
			small.get(new Key("b1", "p" + id), this::load);
		}

		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> small.statistics().size() <= 10);
		assertThat(small.statistics().evictions()).isGreaterThanOrEqualTo(990);
	}

	@Test
	void nameThatIsTakenIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tiers.immutable(spec("price", Duration.ofSeconds(30))))
			.withMessage("There is a cache 'price' already; give each a name of its own");
	}

	@Test
	void settingThatCannotWorkIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ImmutableCacheSpec<>("price", Price.class, Key::build, Key::id, 0,
					Duration.ofHours(1), Duration.ofSeconds(30)))
			.withMessage("Cache 'price' cannot hold 0 keys; set at least 1");
		assertThatIllegalArgumentException().isThrownBy(() -> spec("price", Duration.ZERO))
			.withMessage("Cache 'price': the time limit of a load is PT0S; set a positive duration");
	}

	private Map<Key, Price> load(Set<Key> keys) {
		this.loads.incrementAndGet();
		Map<Key, Price> loaded = new HashMap<>();
		for (Key key : keys) {
			if (!key.id().equals("-")) {
				loaded.put(key, new Price(key.id(), key.id().length(), List.of(key.build())));
			}
		}
		return loaded;
	}

	private static Throwable failure(Future<?> future) throws InterruptedException {
		try {
			future.get();
			throw new AssertionError("did not fail");
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Key(String build, String id) {
	}

	/** Its accessor fails where a codec calls it. */
	record Circular(int radius) {

		@Override
		public int radius() {
			throw new IllegalStateException("no radius today");
		}

	}

	record Price(String id, int price, List<String> tags) {
	}

}
