package io.strates.cache;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * L1 in Caffeine, L2 where there is one, and one load per key.
 */
/*
 * A key that L1 does not have gets a flight. Whoever put the flight leads: it asks L2,
 * then the loader, stores the value in both tiers, and lands. Everybody else waits for
 * the landing. L1 is filled before the flight is taken away, and a leader looks into L1
 * again once its flight is there: so a key that was loaded is never loaded a second time
 * for want of luck. A reader whose patience ends takes the flight away, so that the next
 * one does not wait for a load that hangs; the late landing still fills L1, which is
 * harmless, since a value under this key is always the same.
 */
final class DefaultImmutableCache<K, V> implements ImmutableCache<K, V> {

	/** That there is no value is a value for L1. */
	private static final Object ABSENT = new Object();

	private final ImmutableCacheSpec<K, V> spec;

	private final Cache<K, Object> local;

	/**
	 * The same entries, read without being counted by Caffeine: a read that peeks first
	 * and then gets is one, which only this class can tell.
	 */
	private final ConcurrentMap<K, Object> entries;

	private final @Nullable RemoteValues<V> remote;

	private final UnaryOperator<Object> freezer;

	private final ConcurrentMap<K, Flight<Object>> flights = new ConcurrentHashMap<>();

	private final LoadCounters counters = new LoadCounters();

	DefaultImmutableCache(ImmutableCacheSpec<K, V> spec, @Nullable RemoteValues<V> remote,
			UnaryOperator<Object> freezer) {
		this.spec = spec;
		// To wake another thread takes longer than what it would do.
		this.local = Caffeine.newBuilder()
			.maximumSize(spec.maximumSize())
			.executor(Runnable::run)
			.recordStats()
			.build();
		this.entries = this.local.asMap();
		this.remote = remote;
		this.freezer = freezer;
	}

	@Override
	public @Nullable V get(K key, BatchLoader<K, V> loader) {
		Object found = this.local.getIfPresent(key);
		return revealed((found != null) ? found : flown(key, loader));
	}

	@Override
	public @Nullable V peek(K key) {
		Object found = this.entries.get(key);
		V revealed = (found != null) ? revealed(found) : null;
		if (revealed != null) {
			this.counters.localHits.increment();
		}
		return revealed;
	}

	@SuppressWarnings({ "unchecked", "ReferenceEquality" })
	private @Nullable V revealed(Object found) {
		return (found != ABSENT) ? (V) found : null;
	}

	private Object flown(K key, BatchLoader<K, V> loader) {
		Flight<Object> own = new Flight<>();
		Flight<Object> other = this.flights.putIfAbsent(key, own);
		if (other != null) {
			return landed(key, other);
		}
		Map<K, Flight<Object>> led = Map.of(key, own);
		lead(led, loader);
		return own.await(this.spec.loadTimeout(), describe(key));
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader) {
		Map<K, Object> found = new LinkedHashMap<>();
		Map<K, Flight<Object>> led = new LinkedHashMap<>();
		Map<K, Flight<Object>> awaited = new LinkedHashMap<>();
		for (K key : keys) {
			Object known = this.local.getIfPresent(key);
			found.put(key, (known != null) ? known : ABSENT);
			if (known == null && !led.containsKey(key)) {
				Flight<Object> own = new Flight<>();
				Flight<Object> other = this.flights.putIfAbsent(key, own);
				(other != null ? awaited : led).put(key, (other != null) ? other : own);
			}
		}
		if (!led.isEmpty()) {
			lead(led, loader);
		}
		// Only now: whoever flies the others may be waiting for one of these.
		led.forEach((key, flight) -> found.put(key, flight.await(this.spec.loadTimeout(), describe(key))));
		awaited.forEach((key, flight) -> found.put(key, landed(key, flight)));
		Map<K, V> values = new LinkedHashMap<>();
		found.forEach((key, value) -> {
			V revealed = revealed(value);
			if (revealed != null) {
				values.put(key, revealed);
			}
		});
		return values;
	}

	private Object landed(K key, Flight<Object> flight) {
		this.counters.coalesced.increment();
		try {
			return flight.await(this.spec.loadTimeout(), describe(key));
		}
		catch (LoadFailedException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.flights.remove(key, flight);
			}
			throw ex;
		}
	}

	private Described describe(K key) {
		return new Described(this.spec.name(), key);
	}

	private void lead(Map<K, Flight<Object>> led, BatchLoader<K, V> loader) {
		try {
			Map<K, Object> values = new LinkedHashMap<>();
			led.keySet().forEach((key) -> lookAgain(key, values));
			fetchRemote(led, values);
			load(led, values, loader);
			led.forEach((key, flight) -> flight.land(values.getOrDefault(key, ABSENT)));
		}
		catch (RuntimeException | Error ex) {
			led.values().forEach((flight) -> flight.crash(ex));
			throw ex;
		}
		finally {
			led.forEach(this.flights::remove);
		}
	}

	private void lookAgain(K key, Map<K, Object> values) {
		Object known = this.local.policy().getIfPresentQuietly(key);
		if (known != null) {
			values.put(key, known);
		}
	}

	private void fetchRemote(Map<K, Flight<Object>> led, Map<K, Object> values) {
		RemoteValues<V> tier = this.remote;
		if (tier == null) {
			return;
		}
		List<K> wanted = led.keySet().stream().filter((key) -> !values.containsKey(key)).toList();
		List<RemoteValues.@Nullable Answer<V>> answers = tier.fetch(wanted.stream().map(this.spec::text).toList());
		for (int index = 0; index < wanted.size(); index++) {
			RemoteValues.Answer<V> answer = answers.get(index);
			if (answer == null) {
				this.counters.remoteMisses.increment();
				continue;
			}
			this.counters.remoteHits.increment();
			V value = answer.value();
			Object kept = (value != null) ? this.freezer.apply(value) : ABSENT;
			this.local.put(wanted.get(index), kept);
			values.put(wanted.get(index), kept);
		}
	}

	private void load(Map<K, Flight<Object>> led, Map<K, Object> values, BatchLoader<K, V> loader) {
		Map<K, Flight<Object>> missing = new LinkedHashMap<>(led);
		missing.keySet().removeAll(values.keySet());
		if (missing.isEmpty()) {
			return;
		}
		Map<K, V> loaded = this.counters.load(new LinkedHashSet<>(missing.keySet()), loader);
		Map<String, @Nullable V> filled = new LinkedHashMap<>();
		for (K key : missing.keySet()) {
			V value = loaded.get(key);
			Object kept = (value != null) ? this.freezer.apply(value) : ABSENT;
			this.local.put(key, kept);
			values.put(key, kept);
			filled.put(this.spec.text(key), value);
		}
		if (this.remote != null) {
			this.remote.store(filled);
		}
	}

	@Override
	public List<K> hottest(Predicate<? super K> condition, int limit) {
		return this.local.policy()
			.eviction()
			.orElseThrow()
			.hottest((entries) -> entries.map(Map.Entry::getKey).filter(condition).limit(limit).toList());
	}

	@Override
	public void removeLocal(Set<String> groups) {
		this.local.asMap().keySet().removeIf((key) -> groups.contains(this.spec.group().apply(key)));
	}

	@Override
	public long removeAll(Set<String> groups) {
		removeLocal(groups);
		return (this.remote != null) ? this.remote.removeAll(groups) : 0;
	}

	@Override
	public CacheStatistics statistics() {
		return this.counters.snapshot(this.spec.name(), this.local);
	}

	/** A key, to be named in failures: only they pay for the text. */
	private record Described(String cache, Object key) {

		@Override
		public String toString() {
			return "'" + this.cache + "' " + this.key;
		}

	}

}
