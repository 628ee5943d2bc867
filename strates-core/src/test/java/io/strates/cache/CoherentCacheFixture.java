package io.strates.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Two nodes on one second tier, and what the database holds. */
abstract class CoherentCacheFixture {

	final SharedMemory memory = new SharedMemory();

	final AtomicLong clock = new AtomicLong();

	final Map<Integer, String> database = new ConcurrentHashMap<>();

	final AtomicInteger loads = new AtomicInteger();

	final List<Tiers> tiers = new ArrayList<>();

	final ExecutorService threads = Executors.newCachedThreadPool();

	final SharedMemory.Node a = this.memory.node();

	final SharedMemory.Node b = this.memory.node();

	final CacheSettings settings = CacheSettings.DEFAULT.withJitter(0);

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.tiers.forEach(Tiers::close);
	}

	Tiers tiers(SharedMemory.Node node) {
		Tiers made = Tiers.builder("test").coherent(node).ticker(this.clock::get).build();
		this.tiers.add(made);
		return made;
	}

	CoherentCache<Integer, String> cache(SharedMemory.Node node, CacheSettings settings) {
		return cache(node,
				new CoherentCacheSpec<>("words", String::valueOf, new Utf8("v1"), (value) -> Set.of(), settings));
	}

	CoherentCache<Integer, String> cache(SharedMemory.Node node, CoherentCacheSpec<Integer, String> spec) {
		return tiers(node).coherent(spec);
	}

	Map<Integer, String> load(Set<Integer> keys) {
		this.loads.incrementAndGet();
		Map<Integer, String> found = new HashMap<>(this.database);
		found.keySet().retainAll(keys);
		return found;
	}

	void put(CoherentCache<Integer, String> cache, int key, @Nullable String value) {
		Map<Integer, @Nullable String> written = new HashMap<>();
		written.put(key, value);
		try (CacheWrite<Integer, String> write = cache.write(Set.of(key), Set.of("written"))) {
			write.awaitFences();
			store(key, value);
			write.committed(written);
		}
	}

	void store(int key, @Nullable String value) {
		if (value != null) {
			this.database.put(key, value);
		}
		else {
			this.database.remove(key);
		}
	}

	static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
