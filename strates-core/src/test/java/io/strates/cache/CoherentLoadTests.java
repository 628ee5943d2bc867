package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.strates.cache.CacheAnswer.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Loads that fail, are slow, are shared or come early. */
class CoherentLoadTests extends CoherentCacheFixture {

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

}
