package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** A second tier in memory, which counts round trips and can be away. */
final class InMemoryTier implements RemoteTier {

	final Map<String, byte[]> values = new ConcurrentHashMap<>();

	final AtomicInteger fetches = new AtomicInteger();

	volatile boolean away;

	volatile Runnable beforeFetch = () -> {
	};

	@Override
	public List<byte @Nullable []> fetch(List<String> keys) {
		this.fetches.incrementAndGet();
		this.beforeFetch.run();
		if (this.away) {
			throw new TierUnavailableException("The tier is away", null);
		}
		List<byte @Nullable []> found = new ArrayList<>();
		keys.forEach((key) -> found.add(this.values.get(key)));
		return found;
	}

	@Override
	public void store(Map<String, byte[]> values, Duration timeToLive) {
		if (!this.away) {
			this.values.putAll(values);
		}
	}

	@Override
	public long removeAll(Collection<String> prefixes) {
		int before = this.values.size();
		this.values.keySet().removeIf((key) -> prefixes.stream().anyMatch(key::startsWith));
		return before - this.values.size();
	}

	@Override
	public void close() {
	}

}
