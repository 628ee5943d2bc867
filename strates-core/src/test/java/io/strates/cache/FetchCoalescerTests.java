package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How single keys of many threads share round trips. */
class FetchCoalescerTests {

	private final InMemoryTier tier = new InMemoryTier();

	private final FetchCoalescer coalescer = new FetchCoalescer(this.tier::fetch);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void keysThatAreWantedDuringARoundTripShareTheNext() throws Exception {
		CountDownLatch firstIsUnderWay = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger asking = new AtomicInteger();
		this.tier.beforeFetch = () -> {
			firstIsUnderWay.countDown();
			await(release);
		};
		List<Future<String>> answers = new ArrayList<>();
		answers.add(fetch("k0", asking));
		await(firstIsUnderWay);
		for (int key = 1; key < 64; key++) {
			answers.add(fetch("k" + key, asking));
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> asking.get() == 64 && this.coalescer.waiting() == 63);

		release.countDown();

		for (int key = 0; key < 64; key++) {
			assertThat(answers.get(key).get(30, TimeUnit.SECONDS)).isEqualTo("v" + key);
		}
		assertThat(this.tier.fetches).hasValue(2);
	}

	@Test
	void everyThreadGetsItsOwnAnswerUnderLoad() throws Exception {
		int readers = 16;
		CyclicBarrier start = new CyclicBarrier(readers);
		List<Future<Integer>> wrong = new ArrayList<>();
		for (int reader = 0; reader < readers; reader++) {
			int own = reader;
			wrong.add(this.threads.submit(() -> {
				this.tier.values.put("k" + own, bytes("v" + own));
				start.await();
				int mistakes = 0;
				for (int round = 0; round < 5_000; round++) {
					byte[] found = this.coalescer.fetch("k" + own);
					mistakes += (found != null && text(found).equals("v" + own)) ? 0 : 1;
				}
				return mistakes;
			}));
		}

		for (Future<Integer> mistakes : wrong) {
			assertThat(mistakes.get(60, TimeUnit.SECONDS)).isZero();
		}
		assertThat(this.coalescer.waiting()).isZero();
	}

	@Test
	void failureReachesAllOfItsRoundTripAndNoneLater() throws Exception {
		this.tier.away = true;
		Future<String> failing = fetch("k1", new AtomicInteger());

		assertThat(failing).failsWithin(30, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(TierUnavailableException.class);

		this.tier.away = false;
		assertThat(fetch("k1", new AtomicInteger()).get(30, TimeUnit.SECONDS)).isEqualTo("v1");
	}

	private Future<String> fetch(String key, AtomicInteger asking) {
		this.tier.values.put(key, bytes("v" + key.substring(1)));
		return this.threads.submit(() -> {
			asking.incrementAndGet();
			byte[] found = this.coalescer.fetch(key);
			return (found != null) ? text(found) : "nothing";
		});
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
