package io.strates.boot.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.strates.cache.BatchLoader;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Tiers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the meters of a cache count. */
class StratesCacheMetricsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final AtomicLong clock = new AtomicLong();

	private final Tiers tiers = Tiers.builder("test").onlyNode().ticker(this.clock::get).build();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeEach
	void register() {
		new StratesCacheMetrics(this.tiers, this.meters).afterSingletonsInstantiated();
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.tiers.close();
	}

	private CoherentCache<Integer, String> words(CacheSettings settings) {
		return this.tiers.coherent(CoherentCacheSpec.of("words", String::valueOf, null, settings));
	}

	private double count(String meter) {
		return this.meters.get(meter).tag("cache", "words").functionCounter().count();
	}

	@Test
	void readsThatWaitForTheLoadOfAnotherAreCountedAndItsTimeIsTaken() throws Exception {
		CoherentCache<Integer, String> words = words(CacheSettings.DEFAULT);
		CompletableFuture<String> loading = new CompletableFuture<>();
		AtomicLong took = new AtomicLong();
		BatchLoader<Integer, String> slow = (keys) -> {
			long start = System.nanoTime();
			String word = loading.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
			took.set(System.nanoTime() - start);
			return Map.of(1, word);
		};

		List<CompletableFuture<String>> reads = new ArrayList<>();
		for (int reader = 0; reader < 4; reader++) {
			reads.add(CompletableFuture.supplyAsync(() -> words.get(1, slow), this.threads));
		}
		await().atMost(PATIENCE).until(() -> count("strates.cache.coalesced") == 3);
		loading.complete("one");

		for (CompletableFuture<String> read : reads) {
			assertThat(read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("one");
		}
		FunctionTimer load = this.meters.get("strates.cache.load").tag("cache", "words").functionTimer();
		assertThat(load.count()).isEqualTo(1);
		assertThat(load.totalTime(TimeUnit.NANOSECONDS)).isGreaterThanOrEqualTo(took.get());
	}

	@Test
	void valueThatIsWrittenWhileItIsLoadedIsCountedAsRefused() {
		CoherentCache<Integer, String> words = words(CacheSettings.DEFAULT);
		List<Integer> loads = new ArrayList<>();

		words.get(1, (keys) -> {
			loads.addAll(keys);
			if (loads.size() == 1) {
				words.invalidate(Set.of(1));
			}
			return Map.of(1, "one");
		});

		assertThat(count("strates.cache.fills.refused")).isEqualTo(1);
		assertThat(count("strates.cache.stale")).isZero();
	}

	@Test
	void answerWhoseTimeIsOverIsCountedAsStale() {
		CoherentCache<Integer, String> words = words(CacheSettings.DEFAULT.withMaxStale(Duration.ofHours(1)));
		words.get(1, (keys) -> Map.of(1, "one"));
		this.clock.addAndGet(Duration.ofMinutes(40).toNanos());

		String answer = words.get(1, (keys) -> {
			throw new IllegalStateException("down");
		});

		assertThat(answer).isEqualTo("one");
		assertThat(count("strates.cache.stale")).isEqualTo(1);
		assertThat(count("strates.cache.load.failures")).isEqualTo(1);
		assertThat(count("strates.cache.fills.refused")).isZero();
	}

	@Test
	void valuesThatFindNoRoomAreCountedAsEvicted() {
		CoherentCache<Integer, String> words = words(CacheSettings.DEFAULT.withLocalMaximum(10));

		for (int key = 0; key < 100; key++) {
			words.get(key, (keys) -> Map.of(keys.iterator().next(), "word"));
		}

		await().atMost(PATIENCE).until(() -> count("strates.cache.evictions") == 90);
		assertThat(this.meters.get("strates.cache.size").tag("cache", "words").gauge().value()).isEqualTo(10);
	}

}
