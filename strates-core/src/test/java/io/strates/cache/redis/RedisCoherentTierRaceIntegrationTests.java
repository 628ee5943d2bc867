package io.strates.cache.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.strates.cache.CoherentTier;
import io.strates.cache.CoherentTier.Ending;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.CoherentTier.Lease;
import io.strates.cache.CoherentTier.LeaseRequest;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Readers and writers of two nodes meet on the same keys, and nobody leaves what is old.
 */
class RedisCoherentTierRaceIntegrationTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final int ROUNDS = 500;

	private static final int KEYS = 20;

	private final String space = "test:" + UUID.randomUUID();

	private final AtomicLong refused = new AtomicLong();

	private final AtomicLong fenced = new AtomicLong();

	private final AtomicLong filled = new AtomicLong();

	@Test
	void noValueThatIsLeftIsOlderThanTheLastCommit() throws Exception {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		int left = 0;
		try (RedisNode first = new RedisNode(DevRedis.shared(), this.space);
				RedisNode second = new RedisNode(DevRedis.shared(), this.space)) {
			first.awaitTrust();
			second.awaitTrust();
			for (int round = 0; round < ROUNDS; round++) {
				List<Row> rows = IntStream.range(0, KEYS).mapToObj((key) -> new Row("k" + key)).toList();
				CyclicBarrier barrier = new CyclicBarrier(4);
				List<Future<Void>> tasks = new ArrayList<>();
				tasks.add(threads.submit(reader(first.tier, rows, barrier, random.nextLong())));
				tasks.add(threads.submit(reader(second.tier, rows, barrier, random.nextLong())));
				tasks.add(threads.submit(writer(first.tier, rows, barrier, random.nextLong())));
				tasks.add(threads.submit(writer(second.tier, shuffled(rows, random.nextLong()).subList(0, KEYS / 2),
						barrier, random.nextLong())));
				await(tasks, seed);
				left += assertNothingOld(second.tier, rows, seed, round);
				second.tier.invalidate(rows.stream().map(Row::key).toList()).join();
			}
		}
		finally {
			threads.shutdownNow();
		}

		// It was a race: each side has won and lost.
		assertThat(left).isPositive().isLessThan(ROUNDS * KEYS);
		assertThat(this.refused).hasPositiveValue();
		assertThat(this.fenced).hasPositiveValue();
		assertThat(this.filled).hasPositiveValue();
	}

	private static void await(List<Future<Void>> tasks, long seed) throws InterruptedException, TimeoutException {
		for (Future<Void> task : tasks) {
			try {
				task.get(30, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				throw new AssertionError("Seed " + seed, ex);
			}
		}
	}

	private static int assertNothingOld(CoherentTier tier, List<Row> rows, long seed, int round) {
		List<byte[]> values = tier.fetch(rows.stream().map(Row::key).toList());
		int left = 0;
		for (int index = 0; index < rows.size(); index++) {
			if (values.get(index) != null) {
				left++;
				assertThat(ByteBuffer.wrap(values.get(index)).getLong())
					.as("seed %d, round %d, %s", seed, round, rows.get(index))
					.isEqualTo(rows.get(index).committed.get());
			}
		}
		return left;
	}

	private Callable<Void> reader(CoherentTier tier, List<Row> rows, CyclicBarrier barrier, long seed) {
		return together(barrier, rows, seed, (row, random) -> {
			Lease lease = tier.lease(List.of(new LeaseRequest(row.key, false, false, LONG))).get(0);
			if (lease.state() == Lease.State.FENCED) {
				this.fenced.incrementAndGet();
			}
			if (lease.state() != Lease.State.GRANTED) {
				return;
			}
			pause(random);
			long read = row.committed.get();
			pause(random);
			boolean kept = tier.fill(List.of(new Fill(row.key, String.valueOf(lease.token()), bytes(read), LONG)))
				.join()
				.isEmpty();
			(kept ? this.filled : this.refused).incrementAndGet();
		});
	}

	private static Callable<Void> writer(CoherentTier tier, List<Row> rows, CyclicBarrier barrier, long seed) {
		return together(barrier, rows, seed, (row, random) -> {
			String writer = UUID.randomUUID().toString();
			tier.begin(writer, List.of(row.key)).join();
			pause(random);
			long written = row.committed.incrementAndGet();
			pause(random);
			tier.end(writer, List.of(new Ending(row.key, bytes(written), LONG))).join();
		});
	}

	private static Callable<Void> together(CyclicBarrier barrier, List<Row> rows, long seed, Access access) {
		Random random = new Random(seed);
		// Partly the same way and partly not, so that they meet, and not always alike.
		List<Row> order = random.nextBoolean() ? rows : shuffled(rows, seed);
		return () -> {
			meet(barrier);
			order.forEach((row) -> access.to(row, random));
			return null;
		};
	}

	private static void meet(CyclicBarrier barrier)
			throws InterruptedException, BrokenBarrierException, TimeoutException {
		barrier.await(30, TimeUnit.SECONDS);
	}

	private static List<Row> shuffled(List<Row> rows, long seed) {
		List<Row> shuffled = new ArrayList<>(rows);
		Collections.shuffle(shuffled, new Random(seed));
		return shuffled;
	}

	private static void pause(Random random) {
		for (int spin = random.nextInt(3_000); spin > 0; spin--) {
			Thread.onSpinWait();
		}
	}

	private static byte[] bytes(long value) {
		return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
	}

	private interface Access {

		void to(Row row, Random random);

	}

	/** A row of the database: how often it was written. */
	private record Row(String key, AtomicLong committed) {

		Row(String key) {
			this(key, new AtomicLong());
		}

	}

}
