package io.strates.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentFlight.Landing;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.Leases.Terms;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * L1 in Caffeine, L2 in a coherent tier, one load per key, and fences around what is
 * written.
 */
/*
 * How memory is kept coherent is told in CoherentMemory, and what a load may keep in
 * CoherentLoading.
 *
 * A flight whose key is being written may have read the value of before the commit. It
 * answers those who came before its load began; whoever comes later flies again.
 */
final class DefaultCoherentCache<K, V> implements CoherentCache<K, V> {

	private static final Logger logger = LoggerFactory.getLogger(DefaultCoherentCache.class);

	private final CoherentCacheSpec<K, V> spec;

	private final CacheSettings settings;

	private final String prefix;

	private final CoherentNode node;

	private final CoherentCounters counters = new CoherentCounters();

	private final CoherentMemory memory;

	private final RemoteEntries<V> remote;

	private final Leases leases;

	private final CacheTags tags;

	private final CoherentLoading<K, V> loading;

	DefaultCoherentCache(CoherentCacheSpec<K, V> spec, CoherentNode node) {
		this.spec = spec;
		this.settings = spec.settings();
		this.prefix = CoherentNode.entryPrefix(spec.name());
		this.node = node;
		this.memory = new CoherentMemory(node, this.settings, this.counters, this::evicted);
		this.remote = new RemoteEntries<>(spec.codec(), node, this.counters);
		this.leases = new Leases(node, this.settings);
		node.tags().outlive(spec.name(), this.settings.longestLife());
		this.tags = new CacheTags(spec.name(), node);
		this.loading = new CoherentLoading<>(spec, node, this.counters, this.memory, this.remote, this.leases,
				this.tags);
	}

	@Override
	public CacheAnswer<V> lookUp(K key, BatchLoader<K, V> loader) {
		String text = text(key);
		long now = this.node.now();
		LocalEntry entry = this.memory.current(text, now);
		if (entry == null) {
			this.counters.localMisses.increment();
			return answer(flown(key, text, loader));
		}
		this.counters.localHits.increment();
		if (this.settings.refreshAhead() > 0 && entry.claimRefresh(now)) {
			refresh(key, text, loader);
		}
		return answer(entry.value(), Origin.L1);
	}

	private CacheAnswer<V> answer(Landing landing) {
		return answer(landing.value(), landing.origin());
	}

	private CacheAnswer<V> answer(Object value, Origin origin) {
		return new CacheAnswer<>(revealed(value), origin);
	}

	@SuppressWarnings("unchecked")
	private @Nullable V revealed(Object value) {
		return LocalEntry.isAbsent(value) ? null : (V) value;
	}

	/** Not within the step in which memory gives it up, where nothing else may happen. */
	private void evicted(Object value) {
		Consumer<? super V> listener = this.spec.evicted();
		V revealed = revealed(value);
		if (listener == null || revealed == null) {
			return;
		}
		try {
			this.node.executor().execute(() -> tell(listener, revealed));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The tiers are closed; nobody is told of what '{}' gives up", this.spec.name());
		}
	}

	private void tell(Consumer<? super V> listener, V value) {
		try {
			listener.accept(value);
		}
		catch (RuntimeException ex) {
			logger.error("The listener to evictions of '{}' failed", this.spec.name(), ex);
		}
	}

	String text(K key) {
		return CacheKeys.add(this.prefix, this.spec.keyText().apply(key));
	}

	private String describe(K key) {
		return "'" + this.spec.name() + "' " + key;
	}

	private Landing flown(K key, String text, BatchLoader<K, V> loader) {
		long deadline = this.node.now() + this.settings.loadTimeout().toNanos();
		while (true) {
			CoherentFlight own = this.memory.newFlight();
			CoherentFlight other = this.memory.depart(text, own);
			if (other == null) {
				return led(key, text, own, loader, deadline);
			}
			boolean early = !other.isLoading();
			boolean overtaken = other.isOvertaken();
			Landing landing = landed(key, text, other, deadline);
			boolean stale = landing.origin() == Origin.STALE;
			// What an overtaken flight took for good enough may be older than what this
			// reader has seen; what stands in for it was looked up after that.
			if (overtaken ? (stale && !other.brought(landing)) : (stale || early || !other.isFenced())) {
				return landing;
			}
		}
	}

	private Landing led(K key, String text, CoherentFlight own, BatchLoader<K, V> loader, long deadline) {
		List<Trip<K>> trip = List.of(new Trip<>(key, text, own));
		if (this.settings.softTimeout().isZero() || this.memory.stale(text) == null) {
			this.loading.lead(trip, loader, false);
			return trip.get(0).landing();
		}
		this.node.executor().execute(() -> leadQuietly(trip, loader, false));
		return awaited(key, text, own, deadline);
	}

	private Landing landed(K key, String text, CoherentFlight flight, long deadline) {
		this.counters.coalesced.increment();
		return awaited(key, text, flight, deadline);
	}

	private Landing awaited(K key, String text, CoherentFlight flight, long deadline) {
		long soft = this.settings.softTimeout().toNanos();
		if (soft > 0 && soft < deadline - this.node.now()) {
			try {
				return flight.await(soft, describe(key));
			}
			catch (LoadFailedException ex) {
				Landing substitute = substitute(text);
				if (substitute != null) {
					return substitute;
				}
			}
		}
		try {
			return flight.await(deadline - this.node.now(), describe(key));
		}
		catch (LoadFailedException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw ex;
			}
			this.memory.abandon(text, flight);
			Landing substitute = substitute(text);
			if (substitute == null) {
				throw ex;
			}
			return substitute;
		}
	}

	/**
	 * Returns a value whose time is over, if it may be served and was not overwritten
	 * while the reader waited.
	 */
	private @Nullable Landing substitute(String text) {
		LocalEntry stale = Thread.currentThread().isInterrupted() ? null : this.memory.stale(text);
		if (stale == null) {
			return null;
		}
		this.counters.staleAnswers.increment();
		return new Landing(stale.value(), Origin.STALE);
	}

	private void refresh(K key, String text, BatchLoader<K, V> loader) {
		CoherentFlight own = this.memory.newFlight();
		if (this.memory.depart(text, own) == null) {
			this.node.executor().execute(() -> leadQuietly(List.of(new Trip<>(key, text, own)), loader, true));
		}
	}

	/**
	 * Nobody waits for this load, or whoever does hears of its failure from the flight.
	 */
	private void leadQuietly(List<Trip<K>> trips, BatchLoader<K, V> loader, boolean again) {
		try {
			this.loading.lead(trips, loader, again);
		}
		catch (RuntimeException ex) {
			logger.debug("'{}' could not be loaded in the background: {}", this.spec.name(), ex.toString());
		}
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader) {
		Map<K, Object> found = new LinkedHashMap<>(2 * keys.size());
		Map<K, String> missing = new LinkedHashMap<>(2 * keys.size());
		long now = this.node.now();
		for (K key : keys) {
			if (found.putIfAbsent(key, LocalEntry.ABSENT) == null) {
				String text = text(key);
				LocalEntry entry = this.memory.current(text, now);
				if (entry != null) {
					found.put(key, entry.value());
					this.counters.localHits.increment();
				}
				else {
					missing.put(key, text);
				}
			}
		}
		this.counters.localMisses.add(missing.size());
		// Not before all keys are known to have a text: a flight must not be left behind.
		List<Trip<K>> led = new ArrayList<>(missing.size());
		Map<K, String> awaited = new LinkedHashMap<>();
		missing.forEach((key, text) -> {
			CoherentFlight own = this.memory.newFlight();
			if (this.memory.depart(text, own) == null) {
				led.add(new Trip<>(key, text, own));
			}
			else {
				awaited.put(key, text);
			}
		});
		if (!led.isEmpty()) {
			this.loading.lead(led, loader, false);
			led.forEach((trip) -> found.put(trip.key(), trip.landing().value()));
		}
		// Only now, and as any reader: whoever flies the others may wait for one of
		// these.
		awaited.forEach((key, text) -> found.put(key, flown(key, text, loader).value()));
		return allRevealed(found);
	}

	@SuppressWarnings("unchecked")
	private Map<K, V> allRevealed(Map<K, Object> found) {
		found.values().removeIf(LocalEntry::isAbsent);
		return (Map<K, V>) found;
	}

	@Override
	public @Nullable CacheAnswer<V> lookUpIfCached(K key) {
		String text = text(key);
		LocalEntry entry = this.memory.current(text, this.node.now());
		if (entry != null) {
			this.counters.localHits.increment();
			return answer(entry.value(), Origin.L1);
		}
		this.counters.localMisses.increment();
		if (this.memory.isFenced(text)) {
			return null;
		}
		CoherentFlight own = this.memory.watch(text);
		try {
			RemoteEntries.Found found = this.remote.fetch(List.of(text)).get(0);
			return (found != null) ? answer(this.loading.landed(text, found, own)) : null;
		}
		finally {
			this.memory.unwatch(text, own);
		}
	}

	@Override
	public @Nullable CacheAnswer<V> peek(K key) {
		LocalEntry entry = this.memory.known(text(key), this.node.now());
		if (entry == null) {
			return null;
		}
		this.counters.localHits.increment();
		return answer(entry.value(), Origin.L1);
	}

	void writtenElsewhere(String text) {
		this.counters.invalidationsReceived.increment();
		this.memory.written(text);
	}

	/** Another node has forgotten all values, or all of a tag. */
	void forgottenElsewhere() {
		this.memory.doubtFlights();
	}

	void doubtAll() {
		this.memory.doubtAll();
	}

	@Override
	public CacheFill<V> fill(K key) {
		return new OpenFill(text(key));
	}

	@Override
	public CacheWrite<K, V> write(Collection<? extends K> keys, Set<String> tags) {
		Map<K, String> texts = new LinkedHashMap<>();
		keys.forEach((key) -> texts.put(key, text(key)));
		this.counters.writes.add(texts.size());
		return new CoherentWrite<>(this.spec.name(), texts, tags.stream().map(this.tags::named).toList(), this.node,
				this.memory, new Writing());
	}

	@Override
	public void invalidate(Collection<? extends K> keys) {
		invalidateTexts(keys.stream().map(this::text).toList());
	}

	private void invalidateTexts(List<String> texts) {
		texts.forEach(this.memory::written);
		tell(texts);
		// What was read from L2 before it was told.
		texts.forEach(this.memory::doubt);
	}

	@Override
	public void invalidateAll() {
		this.tags.all().forget();
		this.memory.doubtFlights();
		this.memory.clear();
		tell(List.of(this.tags.all().key()));
		this.tags.all().forget();
		this.memory.doubtFlights();
	}

	@Override
	public void invalidateTag(String tag) {
		List<TagState> changed = List.of(this.tags.state(tag), this.tags.named(tag), this.tags.guard());
		changed.forEach(TagState::forget);
		this.memory.doubtFlights();
		tell(changed.stream().map(TagState::key).toList());
		changed.forEach(TagState::forget);
		this.memory.doubtFlights();
	}

	/**
	 * Tells L2 and the other nodes, now or when it is back. A thread that is interrupted
	 * waits all the same, since its caller takes it for told.
	 */
	private void tell(List<String> keys) {
		if (keys.isEmpty()) {
			return;
		}
		try {
			this.node.invalidate(keys)
				.copy()
				.orTimeout(this.settings.loadTimeout().toNanos(), TimeUnit.NANOSECONDS)
				.join();
		}
		catch (CompletionException ex) {
			this.node.debts().owe(keys);
		}
	}

	@Override
	public @Nullable String tagToken(String tag) {
		return this.tags.token(tag);
	}

	/*
	 * The tag is looked at after the leases: if it is as it was, nothing was written
	 * between the reading of the values and the leases; what is written after them takes
	 * the leases.
	 */
	@Override
	public void offer(Map<K, V> values, String tag, String token) {
		Map<String, V> byText = new LinkedHashMap<>();
		values.forEach((key, value) -> byText.put(text(key), value));
		Map<String, CoherentFlight> watched = new LinkedHashMap<>();
		byText.keySet().forEach((text) -> watched.put(text, this.memory.watch(text)));
		try {
			CacheTags.Moment moment = this.tags.moment();
			List<String> asked = watched.keySet().stream().filter((text) -> !this.memory.isFenced(text)).toList();
			Map<String, Terms> terms = this.leases.askOnce(asked);
			if (moment == null || !token.equals(this.tags.askedToken(tag))) {
				return;
			}
			List<Fill> fills = new ArrayList<>();
			watched.forEach((text, flight) -> {
				Terms given = terms.getOrDefault(text, Terms.NOTHING);
				Fill fill = (given.token() != null) ? this.loading.kept(text, byText.get(text), flight, given, moment)
						: null;
				if (fill != null) {
					fills.add(fill);
				}
			});
			this.loading.fill(fills);
		}
		finally {
			watched.forEach(this.memory::unwatch);
		}
	}

	/** Returns the keys that stand for all that this cache holds. */
	Collection<String> everything() {
		return this.tags.everything();
	}

	@Override
	public CacheInspection inspection() {
		return new KeyInspection(this.spec.name(), this.settings, this.node, this.memory, this.remote,
				(text) -> invalidateTexts(List.of(text)));
	}

	@Override
	public CacheStatistics statistics() {
		return this.counters.snapshot(this.spec.name(), this.memory.size());
	}

	@Override
	public CoherenceStatistics coherence() {
		return this.counters.coherence(this.node.debts().size());
	}

	/** What a write needs of its cache. */
	private final class Writing implements CoherentWrite.Home<V> {

		@Override
		public CacheSettings settings() {
			return DefaultCoherentCache.this.settings;
		}

		@Override
		public CacheTags.@Nullable Moment moment() {
			return DefaultCoherentCache.this.tags.moment();
		}

		@Override
		public @Nullable LocalEntry entry(@Nullable V value, CacheTags.Moment moment) {
			if (value == null && DefaultCoherentCache.this.settings.absentTimeToLive().isZero()) {
				return null;
			}
			CoherentFlight flight = DefaultCoherentCache.this.memory.newFlight();
			EntryTags tagged = DefaultCoherentCache.this.loading.tagged(value, moment);
			return (tagged != null) ? DefaultCoherentCache.this.memory
				.entry((value != null) ? value : LocalEntry.ABSENT, tagged, flight, true) : null;
		}

		@Override
		public byte @Nullable [] encoded(String text, @Nullable V value, LocalEntry entry) {
			return DefaultCoherentCache.this.remote.encoded(text, value, entry.tags());
		}

		@Override
		public void refused(String text) {
			DefaultCoherentCache.this.loading.refused(text);
		}

	}

	/** A fill that is not a load. */
	private final class OpenFill implements CacheFill<V> {

		private final String text;

		private final CoherentFlight flight;

		private final Terms terms;

		private final CacheTags.@Nullable Moment moment;

		private boolean closed;

		OpenFill(String text) {
			this.text = text;
			this.flight = DefaultCoherentCache.this.memory.watch(text);
			this.terms = DefaultCoherentCache.this.memory.isFenced(text) ? Terms.NOTHING
					: DefaultCoherentCache.this.leases.askOnce(List.of(text)).getOrDefault(text, Terms.NOTHING);
			this.moment = DefaultCoherentCache.this.tags.moment();
		}

		@Override
		public boolean complete(@Nullable V value) {
			if (this.closed) {
				throw new IllegalStateException(
						"This fill of '" + DefaultCoherentCache.this.spec.name() + "' has ended; ask for another");
			}
			Fill fill = DefaultCoherentCache.this.loading.kept(this.text, value, this.flight, this.terms, this.moment);
			DefaultCoherentCache.this.loading.fill((fill != null) ? List.of(fill) : List.of());
			close();
			return this.terms.kept() && !this.flight.doubted();
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				DefaultCoherentCache.this.memory.unwatch(this.text, this.flight);
			}
		}

	}

}
