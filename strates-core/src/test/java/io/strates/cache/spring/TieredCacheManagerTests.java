package io.strates.cache.spring;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheSettings;
import io.strates.cache.SharedMemory;
import io.strates.cache.Tiers;
import io.strates.cache.spring.Library.Book;
import io.strates.cache.spring.Library.Draft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** Cached methods on two nodes that share a second tier. */
class TieredCacheManagerTests {

	private final SharedMemory memory = new SharedMemory();

	private final Map<String, String> database = Library.database();

	private final AtomicLong clock = new AtomicLong();

	private final SharedMemory.Node first = this.memory.node();

	private final Node here = new Node(this.first, this.database, (manager) -> manager.ticker(this.clock::get));

	private final Node there = new Node(this.memory.node(), this.database, (manager) -> manager);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.here.close();
		this.there.close();
	}

	private Cache cache(Node node, String name) {
		return Objects.requireNonNull(node.manager().getCache(name));
	}

	@Test
	void answerIsComputedOnceForAllNodes() {
		this.database.put("1", "one");

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "one"));
		assertThat(this.here.library().find("1")).isSameAs(this.here.library().find("1"));
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "one"));
		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void answerComputedBeforeAnotherNodesEvictIsNotKept() {
		this.database.put("1", "old");
		this.first.hold();
		this.here.library().meanwhile(() -> this.there.library().change("1", "new"));

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "old"));

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void answerComputedBeforeAnotherNodesPutIsNotKept() {
		this.database.put("1", "old");
		this.here.library().meanwhile(() -> this.there.library().rename("1", "new"));

		this.here.library().find("1");

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.there.library().calls()).isZero();
	}

	@Test
	void putOfAMethodThatACachedMethodCallsIsAWriteAndNotTheEndOfTheLatter() {
		this.database.put("1", "old");
		this.there.library().find("1");
		this.here.library().forget("1");
		this.here.library().meanwhile(() -> {
			this.there.library().find("1");
			this.here.library().rename("1", "new");
		});

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "old"));

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void putAfterAMethodThatFailedIsAWrite() {
		this.database.put("1", "old");
		this.here.library().meanwhile(() -> {
			this.there.library().find("1");
			throw new IllegalStateException("no paper");
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.here.library().find("1"));

		this.here.library().rename("1", "new");

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void evictReachesTheOtherNode() {
		this.database.put("1", "old");
		this.there.library().find("1");

		this.here.library().change("1", "new");

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void clearReachesTheOtherNodeAndWhatIsBeingComputed() {
		this.database.put("1", "old");
		this.database.put("2", "old");
		this.there.library().find("1");
		this.here.library().meanwhile(() -> {
			this.database.put("1", "new");
			this.database.put("2", "new");
			this.there.library().forgetAll();
		});

		this.here.library().find("2");

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().find("2")).isEqualTo(new Book("2", "new"));
	}

	@Test
	void answerOfACallThatTookLongerThanItsRightIsNotKept() {
		this.database.put("1", "old");
		this.here.library().meanwhile(() -> {
			this.clock.addAndGet(Duration.ofMinutes(2).toNanos());
			this.here.library().find("another");
		});

		this.here.library().find("1");
		this.here.library().find("1");

		assertThat(this.here.library().calls()).isEqualTo(3);
	}

	@Test
	void nullIsAnAnswerAsAnyOther() {
		assertThat(this.here.library().find("1")).isNull();
		assertThat(this.here.library().find("1")).isNull();
		assertThat(this.there.library().findOnce("1")).isNull();
		assertThat(this.there.library().findIfPresent("1")).isEmpty();

		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
		this.here.library().rename("1", "one");
		assertThat(this.there.library().findIfPresent("1")).hasValue(new Book("1", "one"));
	}

	@Test
	void nullHasATimeToLiveOfItsOwnIfThereIsOne() {
		try (Tiers tiers = Tiers.builder("test").onlyNode().ticker(this.clock::get).build();
				TieredCacheManager manager = TieredCacheManager.builder(tiers, null)
					.cache("words", CacheSettings.DEFAULT.withAbsentTimeToLive(Duration.ofSeconds(1)))
					.build()) {
			Cache cache = Objects.requireNonNull(manager.getCache("words"));
			cache.put(1, null);
			cache.put(2, "two");
			assertThat(Objects.requireNonNull(cache.get(1)).get()).isNull();

			this.clock.addAndGet(Duration.ofSeconds(2).toNanos());

			assertThat(cache.get(1)).isNull();
			assertThat(cache.get(2, String.class)).isEqualTo("two");
		}
	}

	@Test
	void nullIsRefusedIfItIsNotAllowed() {
		try (Node node = new Node(this.memory.node(), this.database, (manager) -> manager.allowNullValues(false))) {
			assertThatIllegalArgumentException().isThrownBy(() -> node.library().find("1"))
				.withMessageContaining("not allow null");
		}
	}

	@Test
	void valueThatCanChangeIsEachCallersOwn() {
		this.here.library().draft("a").setTitle("b");
		Draft second = this.here.library().draft("a");
		second.setTitle("c");

		assertThat(this.here.library().draft("a").getTitle()).isEqualTo("a");
		assertThat(this.there.library().draft("a").getTitle()).isEqualTo("a");
		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void listIsEachCallersOwnAndItsElementsAreShared() {
		this.here.library().shelf("a").clear();
		List<Book> second = this.here.library().shelf("a");
		second.remove(0);
		List<Book> third = this.here.library().shelf("a");

		assertThat(third).containsExactly(new Book("1", "a"), new Book("2", "a"));
		assertThat(third.get(1)).isSameAs(second.get(0));
		assertThat(this.there.library().shelf("a")).isEqualTo(third);
		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void methodsOfDifferentTypesMayShareACache() {
		this.here.library().mixedBook("1");
		this.here.library().mixedDrafts(1);

		assertThat(this.there.library().mixedBook("1")).isEqualTo(new Book("1", "null"));
		assertThat(this.there.library().mixedDrafts(1).get(0).getTitle()).isEqualTo("1");
		assertThat(this.there.library().calls()).isZero();
	}

	@Test
	void withoutATypeWhatCannotChangeIsInMemoryOnly() {
		this.here.library().anything("text");
		assertThat(this.here.library().anything("text")).isEqualTo("text");
		assertThat(this.here.library().calls()).isEqualTo(1);

		assertThat(this.there.library().anything("text")).isEqualTo("text");

		assertThat(this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void withoutATypeWhatCanChangeIsRefusedNamingTheProperty() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.here.library().anything(1))
			.withMessageContaining("Cache 'anything'")
			.withMessageContaining(Draft.class.getName())
			.withMessageContaining("strates.cache.caches.anything.type");
	}

	@Test
	void subclassThatItsDeclaredTypeWouldCutIsRefused() {
		Draft signed = new Signed();

		assertThatIllegalArgumentException().isThrownBy(() -> cache(this.here, "drafts").put(1, signed))
			.withMessageContaining("strates.cache.caches.drafts.type")
			.withMessageContaining("comes back from its bytes as a " + Draft.class.getName());
	}

	static final class Signed extends Draft {

		public String getSignature() {
			return "me";
		}

	}

	@Test
	void oneOfManyThreadsCallsASynchronizedMethod() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		this.database.put("1", "one");
		this.here.library().meanwhile(() -> {
			called.countDown();
			awaited(go);
		});
		Future<Book> leader = this.threads.submit(() -> this.here.library().findOnce("1"));
		awaited(called);
		Future<Book> follower = this.threads.submit(() -> this.here.library().findOnce("1"));
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.here.tiers().coherentCaches().get("spring/books").statistics().coalesced() == 1);
		go.countDown();

		assertThat(leader.get()).isEqualTo(new Book("1", "one")).isSameAs(follower.get());
		assertThat(this.here.library().calls()).isEqualTo(1);
	}

	private static void awaited(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void failureOfASynchronizedMethodIsItsCallersAndNothingIsKept() {
		this.here.library().meanwhile(() -> {
			throw new IllegalStateException("no paper");
		});

		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.here.library().findOnce("1"))
			.withMessage("no paper");
		assertThat(this.here.library().findOnce("1")).isNull();
		assertThatExceptionOfType(ValueRetrievalException.class)
			.isThrownBy(() -> cache(this.here, "books").get("2", () -> {
				throw new IOException("no paper");
			}))
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void synchronizedAnswerComputedBeforeAnotherNodesEvictIsNotKept() {
		this.database.put("1", "old");
		this.first.hold();
		this.here.library().meanwhile(() -> this.there.library().change("1", "new"));

		this.here.library().findOnce("1");

		assertThat(this.here.library().findOnce("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void futureIsKeptWhenItIsComplete() {
		this.database.put("1", "one");

		assertThat(this.here.library().findLater("1").join()).isEqualTo(new Book("1", "one"));
		assertThat(this.here.library().findLater("1").join()).isEqualTo(new Book("1", "one"));
		assertThat(this.there.library().findLaterOnce("1").join()).isEqualTo(new Book("1", "one"));
		assertThat(this.there.library().findLater("1")).isCompletedWithValue(new Book("1", "one"));
		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void futureThatWasComputedBeforeAnotherNodesEvictIsNotKept() {
		this.database.put("1", "old");
		this.database.put("2", "old");
		this.here.library().meanwhile(() -> this.there.library().change("1", "new"));
		this.here.library().findLater("1").join();
		this.here.library().meanwhile(() -> this.there.library().change("2", "new"));
		this.here.library().findLaterOnce("2").join();

		assertThat(this.here.library().findLater("1").join()).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().findLaterOnce("2").join()).isEqualTo(new Book("2", "new"));
	}

	@Test
	void publisherIsAnsweredFromTheTiers() {
		this.database.put("1", "old");

		assertThat(this.here.library().findReactively("1").block()).isEqualTo(new Book("1", "old"));
		assertThat(this.there.library().findReactively("1").block()).isEqualTo(new Book("1", "old"));
		assertThat(this.here.library().calls() + this.there.library().calls()).isEqualTo(1);
		this.there.library().forget("1");
		this.here.library().meanwhile(() -> this.there.library().change("1", "new"));
		this.here.library().findReactively("1").block();
		assertThat(this.here.library().findReactively("1").block()).isEqualTo(new Book("1", "new"));
	}

	@Test
	void futureThatFailedIsNotKept() {
		Runnable failure = () -> {
			throw new IllegalStateException("no paper");
		};
		this.here.library().meanwhile(failure);
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.here.library().findLater("1").join());
		this.here.library().meanwhile(failure);
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.here.library().findLaterOnce("1").join());
		this.database.put("1", "one");

		assertThat(this.here.library().findLaterOnce("1").join()).isEqualTo(new Book("1", "one"));
	}

	@Test
	void futuresOfOneKeyAreMadeByOneCall() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		AtomicInteger calls = new AtomicInteger();
		CompletableFuture<String> one = cache(this.here, "words").retrieve(1, () -> {
			calls.incrementAndGet();
			return answer;
		});
		CompletableFuture<String> two = cache(this.here, "words").retrieve(1, () -> {
			calls.incrementAndGet();
			return CompletableFuture.completedFuture("another");
		});
		answer.complete("one");

		assertThat(one.join()).isEqualTo("one");
		assertThat(two.join()).isEqualTo("one");
		assertThat(calls).hasValue(1);
	}

	@Test
	void cacheUsedByHandKeepsTheContract() {
		Cache cache = cache(this.here, "words");

		assertThat(cache.get(1)).isNull();
		assertThat(cache.putIfAbsent(1, "one")).isNull();
		assertThat(Objects.requireNonNull(cache.putIfAbsent(1, "two")).get()).isEqualTo("one");
		assertThat(cache.get(1, String.class)).isEqualTo("one");
		assertThat(cache.evictIfPresent(1)).isTrue();
		assertThat(cache.evictIfPresent(1)).isFalse();
		cache.put(1, "three");
		assertThat(cache.get(1, () -> "four")).isEqualTo("three");
		assertThat(cache.invalidate()).isTrue();
		assertThat(cache.get(1, () -> "four")).isEqualTo("four");
		assertThat(cache.get(1, String.class)).isEqualTo("four");
		cache.clear();
		assertThat(cache.get(1)).isNull();
	}

	@Test
	void putThatFollowsAnEvictOfTheSameThreadIsAWrite() {
		Cache cache = cache(this.here, "words");
		cache.get(1);
		cache.evict(1);

		cache.put(1, "one");

		assertThat(cache.get(1, String.class)).isEqualTo("one");
	}

	@Test
	void putsOfOtherThreadsDoNotTakeTheRightOfAThread() throws Exception {
		Cache cache = cache(this.here, "words");
		cache.get(1);
		this.threads.submit(() -> cache.put(1, "new")).get();

		cache.put(1, "old");

		// Whoever computed it has seen it, and nobody knows which is newer.
		assertThat(cache.get(1)).isNull();
	}

	@Test
	void namesAreMadeOnDemandUnlessTheyAreFixed() {
		assertThat(cache(this.here, "words").getName()).isEqualTo("words");
		assertThat(this.here.manager().getCacheNames()).containsExactly("words");
		assertThat(cache(this.here, "words")).isEqualTo(cache(this.here, "words"))
			.isNotEqualTo(cache(this.here, "others"));
		try (Node node = new Node(this.memory.node(), this.database, (manager) -> manager.names(List.of("words")))) {
			assertThat(node.manager().getCache("others")).isNull();
			assertThat(node.manager().getCache("words")).isNotNull();
			assertThat(node.manager().getCacheNames()).containsExactly("words");
		}
	}

	@Test
	void methodsAnswerWhileTheSecondTierIsAway() {
		this.database.put("1", "old");
		this.here.library().find("1");
		this.memory.goAway();

		this.here.library().change("1", "new");

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.there.library().find("2")).isNull();
	}

}
