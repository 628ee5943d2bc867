package io.strates.store;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevDatabase;
import io.strates.store.redis.RedisJournals;

import static io.strates.store.ThingTable.put;
import static org.awaitility.Awaitility.await;

/**
 * A process that queues writes until it is killed. It writes each one that is
 * acknowledged to its output, and where it stops of itself, if it is to.
 */
public final class DoomedWriter {

	static final int KEYS = 40;

	static final String STORE = "thing";

	static final WriteBehindSettings SETTINGS = WriteBehindSettings.DEFAULTS.flushedEvery(Duration.ofMillis(10))
		.flushedAt(20)
		.inBatchesOf(15)
		.leasedFor(Duration.ofMillis(500));

	private static final PrintStream out = System.out;

	private DoomedWriter() {
	}

	/**
	 * Runs until killed.
	 * @param args the URL, user and password of the database, host and port of Redis, the
	 * namespace, where to stop, in which batch, and the first number to write
	 */
	public static void main(String[] args) {
		ThingTable table = new ThingTable(new DevDatabase(args[0], args[1], args[2]));
		RedisClient client = RedisClient.create(RedisURI.create(args[3], Integer.parseInt(args[4])));
		RedisJournals journals = journals(client, args[5]);
		String stop = args[6];
		AtomicInteger batches = new AtomicInteger(Integer.parseInt(args[7]));
		if (stop.equals("applying")) {
			table.after((writes) -> stopAt(stop, batches));
		}
		WriteJournal journal = new JournalProxy(journals.journal(STORE)) {
			@Override
			public void acknowledge(String batch) {
				if (stop.equals("committed")) {
					stopAt(stop, batches);
				}
				super.acknowledge(batch);
			}
		};
		Random random = new Random();
		WriteBehind queue = new WriteBehind(STORE, journal, table, table.flushes, SETTINGS, (store, letter, cause) -> {
		}, Pace.of(InstantSource.system(), random));
		queue.start();
		int number = Integer.parseInt(args[8]);
		while (true) {
			String id = "k" + random.nextInt(KEYS);
			queue.enqueue(List.of(put(id, String.valueOf(number))));
			out.print("queued " + id + " " + number + "\n");
			out.flush();
			number++;
		}
	}

	/** In the batch that is meant, says so and goes no further. */
	private static void stopAt(String step, AtomicInteger batches) {
		if (batches.decrementAndGet() == 0) {
			out.println("stopped " + step);
			out.flush();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	static RedisJournals journals(RedisClient client, String namespace) {
		RedisJournals journals = new RedisJournals(client, namespace, Duration.ofSeconds(10),
				CircuitBreaker.ofDefaults("journal"));
		await().atMost(Duration.ofSeconds(30))
			.ignoreException(TierUnavailableException.class)
			.until(() -> journals.journal(STORE).counts() != null);
		return journals;
	}

}
