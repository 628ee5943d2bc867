package io.strates.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

/**
 * What others offer, in the same run. No test: it prints times.
 */
class PeersMeasurement {

	private static final int WRITES = 200;

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

	private static final String[] ALL = { "strates", "jetcache", "spring-caffeine", "spring-redis", "redisson",
			"hibernate" };

	private static final String[] WITH_REDIS = { "strates", "jetcache", "spring-redis", "redisson" };

	private static final Servers SERVERS = Servers.find();

	@Test
	void readsAndWrites() {
		measure("get", ALL);
		measure("getRemote", WITH_REDIS);
		measure("put", ALL);
	}

	private static void measure(String benchmark, String... peers) {
		Measured measured = Measured.run(Peers.class, benchmark, SERVERS, "peers-" + benchmark, peers);
		measured.times()
			.forEach((name, time) -> System.out.printf("%-12s %-18s %10.3f µs %8.0f bytes%n", benchmark, name, time,
					measured.bytes().get(name)));
	}

	@Test
	void whenTheOtherNodeSeesAWrite() {
		Map<String, Object> counted = new LinkedHashMap<>();
		for (String name : ALL) {
			String space = "seen-" + name + System.nanoTime();
			try (Peer one = Peer.of(name, SERVERS, space); Peer two = Peer.of(name, SERVERS, space)) {
				one.table.fill(10);
				counted.put(name, seen(one, two));
			}
		}
		Measured.report("peers-seen", counted);
	}

	/**
	 * Returns how long after writes were acknowledged the other node answers with them.
	 */
	private static String seen(Peer one, Peer two) {
		one.stock(1);
		two.stock(1);
		double[] delays = new double[WRITES];
		for (int number = 1; number <= WRITES; number++) {
			one.put(Article.of(1, number));
			long start = System.nanoTime();
			while (two.stock(1) < number) {
				if (System.nanoTime() - start > PATIENCE) {
					return "write " + number + " was not seen within 3 s";
				}
				LockSupport.parkNanos(10_000);
			}
			delays[number - 1] = (System.nanoTime() - start) / 1e3;
		}
		Arrays.sort(delays);
		return "median %.0f µs, worst of %d %.0f µs".formatted(delays[WRITES / 2], WRITES, delays[WRITES - 1]);
	}

}
