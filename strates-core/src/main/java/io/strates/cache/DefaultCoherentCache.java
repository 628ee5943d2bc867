package io.strates.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
 * How memory is kept coherent is told in CoherentMemory. Writes of other nodes whose
 * message has not come yet are kept out by the lease, which is asked for before the
 * loader is called: if the key is being written, the tier gives none, and what is loaded
 * is not kept. Without a lease, since the tier is away, an entry is good for moments
 * only, and so is every entry while the node does not hear the others.
 *
 * A flight whose key is being written may have read the value of before the commit. It
 * answers those who came before its load began; whoever comes later flies again.
 *
 * L1 takes what was loaded before L2 has confirmed it: the lease is proof enough, and a
 * writer who came after it tells this node by a message. A refusal is that message on a
 * second way.
 */
final class DefaultCoherentCache<K, V> implements CoherentCache<K, V> {

	private static final Logger logger = LoggerFactory.getLogger(DefaultCoherentCache.class);

	private final CoherentCacheSpec<K, V> spec;

	private final CacheSettings settings;

	private final CoherentNode node;

	private final CoherentCounters counters = new CoherentCounters();

	private final CoherentMemory memory;

	private final RemoteEntries<V> remote;

	private final Leases leases;

	private final CacheTags tags;

	DefaultCoherentCache(CoherentCacheSpec<K, V> spec, CoherentNode node) {
		this.spec = spec;
		this.settings = spec.settings();
		this.node = node;
		this.memory = new CoherentMemory(node, this.settings, this.counters);
		this.remote = new RemoteEntries<>(spec.codec(), node, this.counters);
		this.leases = new Leases(node, this.settings);
		this.tags = new CacheTags(spec.name(), node);
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

	@SuppressWarnings({ "unchecked", "ReferenceEquality" })
	private @Nullable V revealed(Object value) {
		return (value != LocalEntry.ABSENT) ? (V) value : null;
	}

	String text(K key) {
		return CoherentNode.entryKey(this.spec.name(), this.spec.keyText().apply(key));
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
			if (!overtaken && (early || !other.isFenced())) {
				return landing;
			}
		}
	}

	private Landing led(K key, String text, CoherentFlight own, BatchLoader<K, V> loader, long deadline) {
		Trips<K> trips = new Trips<>(key, text, own);
		LocalEntry stale = this.settings.softTimeout().isZero() ? null : this.memory.stale(text);
		if (stale == null) {
			lead(trips, loader, false);
			return own.await(0, describe(key));
		}
		this.node.executor().execute(() -> leadQuietly(trips, loader, false));
		try {
			return own.await(Math.min(this.settings.softTimeout().toNanos(), deadline - this.node.now()),
					describe(key));
		}
		catch (LoadFailedException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw ex;
			}
			this.counters.staleAnswers.increment();
			return new Landing(stale.value(), Origin.STALE);
		}
	}

	private Landing landed(K key, String text, CoherentFlight flight, long deadline) {
		this.counters.coalesced.increment();
		try {
			return flight.await(deadline - this.node.now(), describe(key));
		}
		catch (LoadFailedException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.memory.abandon(text, flight);
			}
			throw ex;
		}
	}

	private void refresh(K key, String text, BatchLoader<K, V> loader) {
		CoherentFlight own = this.memory.newFlight();
		if (this.memory.depart(text, own) == null) {
			this.node.executor().execute(() -> leadQuietly(new Trips<>(key, text, own), loader, true));
		}
	}

	/**
	 * Nobody waits for this load, or whoever does hears of its failure from the flight.
	 */
	private void leadQuietly(Trips<K> trips, BatchLoader<K, V> loader, boolean again) {
		try {
			lead(trips, loader, again);
		}
		catch (RuntimeException ex) {
			logger.debug("'{}' could not be loaded in the background: {}", this.spec.name(), ex.toString());
		}
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader) {
		Map<K, Object> found = new LinkedHashMap<>();
		Trips<K> led = new Trips<>();
		Map<K, String> awaited = new LinkedHashMap<>();
		long now = this.node.now();
		for (K key : new LinkedHashSet<>(keys)) {
			String text = text(key);
			LocalEntry entry = this.memory.current(text, now);
			(entry != null ? this.counters.localHits : this.counters.localMisses).increment();
			found.put(key, (entry != null) ? entry.value() : LocalEntry.ABSENT);
			if (entry == null) {
				CoherentFlight own = this.memory.newFlight();
				if (this.memory.depart(text, own) == null) {
					led.add(key, text, own);
				}
				else {
					awaited.put(key, text);
				}
			}
		}
		lead(led, loader, false);
		led.forEach((key, text, flight) -> found.put(key, flight.await(0, describe(key)).value()));
		// Only now, and as any reader: whoever flies the others may wait for one of
		// these.
		awaited.forEach((key, text) -> found.put(key, flown(key, text, loader).value()));
		Map<K, V> values = new LinkedHashMap<>();
		found.forEach((key, value) -> {
			V revealed = revealed(value);
			if (revealed != null) {
				values.put(key, revealed);
			}
		});
		return values;
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
			RemoteEntries.Found found = this.remote.fetch(List.of(text)).get(text);
			return (found != null) ? answer(landed(text, found, own)) : null;
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

	private void lead(Trips<K> trips, BatchLoader<K, V> loader, boolean again) {
		trips.leadBy(Thread.currentThread());
		try {
			if (!again) {
				trips.open().forEach((text) -> lookAgain(text, trips));
			}
			List<String> open = trips.open();
			boolean leasedAtOnce = open.size() == 1 && this.remote.isUnlikely();
			if (!again && !leasedAtOnce) {
				// Until this node has told L2 of its own write, L2 may hold what was
				// before
				// it.
				this.remote.fetch(open.stream().filter((text) -> !this.memory.isFenced(text)).toList())
					.forEach((text, found) -> trips.land(text, landed(text, found, trips.flight(text))));
			}
			Map<String, Terms> terms = lease(trips, again);
			if (!again && leasedAtOnce) {
				this.remote.count(trips.open().isEmpty());
			}
			load(trips, terms, loader);
			trips.landAll();
		}
		catch (RuntimeException | Error ex) {
			trips.crashAll(ex);
			throw ex;
		}
		finally {
			trips.forEach((key, text, flight) -> this.memory.remove(text, flight));
		}
	}

	private void lookAgain(String text, Trips<K> trips) {
		LocalEntry entry = this.memory.currentQuietly(text);
		if (entry != null) {
			trips.land(text, new Landing(entry.value(), Origin.L1));
		}
	}

	private Landing landed(String text, RemoteEntries.Found found, CoherentFlight flight) {
		if (!this.memory.keep(text, this.memory.entry(found.value(), found.tags(), flight, true), flight)) {
			this.memory.drop(text, flight);
		}
		return new Landing(found.value(), Origin.L2);
	}

	/** Asks for the right to keep what is about to be loaded. */
	private Map<String, Terms> lease(Trips<K> trips, boolean again) {
		Map<String, Terms> terms = new LinkedHashMap<>();
		List<String> asked = new ArrayList<>();
		for (String text : trips.open()) {
			if (this.memory.isFenced(text)) {
				terms.put(text, Terms.NOTHING);
			}
			else {
				asked.add(text);
			}
		}
		terms.putAll(this.leases.ask(asked, again, (text, bytes) -> {
			RemoteEntries.Found found = this.remote.decoded(text, bytes);
			if (found != null) {
				trips.land(text, landed(text, found, trips.flight(text)));
			}
			return found != null;
		}));
		return terms;
	}

	private void load(Trips<K> trips, Map<String, Terms> terms, BatchLoader<K, V> loader) {
		List<String> open = trips.open();
		if (open.isEmpty()) {
			return;
		}
		CacheTags.Moment moment = this.tags.moment();
		for (String text : open) {
			CoherentFlight flight = trips.flight(text);
			if (moment == null || !terms.getOrDefault(text, Terms.NOTHING).kept()) {
				flight.fence();
				this.memory.readWhileWritten(text);
			}
			flight.startLoading();
		}
		Map<K, V> loaded;
		try {
			loaded = timed(trips.keys(open), loader);
		}
		catch (RuntimeException ex) {
			giveBack(terms);
			if (!landStale(trips, open)) {
				throw ex;
			}
			return;
		}
		List<Fill> fills = new ArrayList<>();
		for (String text : open) {
			V value = loaded.get(trips.key(text));
			Fill fill = kept(text, value, trips.flight(text), terms.getOrDefault(text, Terms.NOTHING), moment);
			trips.land(text, new Landing((value != null) ? value : LocalEntry.ABSENT, Origin.L3));
			if (fill != null) {
				fills.add(fill);
			}
		}
		fill(fills);
	}

	/** Serves values whose time is over: all of them or none. */
	private boolean landStale(Trips<K> trips, List<String> texts) {
		Map<String, LocalEntry> stale = new LinkedHashMap<>();
		for (String text : texts) {
			LocalEntry entry = trips.flight(text).doubted() ? null : this.memory.stale(text);
			if (entry == null) {
				return false;
			}
			stale.put(text, entry);
		}
		this.counters.staleAnswers.add(stale.size());
		stale.forEach((text, entry) -> trips.land(text, new Landing(entry.value(), Origin.STALE)));
		return true;
	}

	/** Lets another node load what this one could not. */
	private void giveBack(Map<String, Terms> terms) {
		List<Fill> fills = new ArrayList<>();
		terms.forEach((text, given) -> {
			Fill fill = nothing(text, given);
			if (fill != null) {
				fills.add(fill);
			}
		});
		fill(fills);
	}

	private @Nullable Fill nothing(String text, Terms given) {
		return (given.token() != null && this.settings.oneLoadPerCluster())
				? new Fill(text, given.token(), null, this.settings.remoteTimeToLive()) : null;
	}

	private Map<K, V> timed(Set<K> missing, BatchLoader<K, V> loader) {
		this.counters.loads.add(missing.size());
		long start = System.nanoTime();
		try {
			return loader.load(missing);
		}
		catch (RuntimeException | Error ex) {
			this.counters.loadFailures.increment();
			throw ex;
		}
		finally {
			this.counters.loadNanos.add(System.nanoTime() - start);
		}
	}

	/**
	 * Keeps what was read in L1, and returns what is to be kept in L2. Comes before
	 * anybody sees what was read.
	 */
	@Nullable Fill kept(String text, @Nullable V value, CoherentFlight flight, Terms given, CacheTags.@Nullable Moment moment) {
		Fill nothing = nothing(text, given);
		boolean wanted = value != null || !this.settings.absentTimeToLive().isZero();
		EntryTags tagged = (wanted && given.kept() && moment != null) ? tagged(value, moment) : null;
		Object kept = (value != null) ? value : LocalEntry.ABSENT;
		if (tagged == null
				|| !this.memory.keep(text, this.memory.entry(kept, tagged, flight, given.token() != null), flight)) {
			this.memory.drop(text, flight);
			if (wanted) {
				this.counters.fillsRefused.increment();
			}
			return nothing;
		}
		byte[] bytes = (given.token() != null) ? this.remote.encoded(text, value, tagged) : null;
		if (given.token() == null || bytes == null) {
			return nothing;
		}
		return new Fill(text, given.token(), bytes,
				LocalEntry.lifetime(kept, this.settings.remoteTimeToLive(), this.settings));
	}

	private @Nullable EntryTags tagged(@Nullable V value, CacheTags.Moment moment) {
		return this.tags.tagged((value != null) ? this.spec.tags().apply(value) : Set.of(), moment);
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	void fill(List<Fill> fills) {
		if (!fills.isEmpty()) {
			this.node.tier().fill(fills).whenComplete((refused, failure) -> {
				if (failure == null) {
					refused.forEach(this::refused);
				}
			});
		}
	}

	/** Somebody has written the key: L1 may hold the value of before. */
	private void refused(String text) {
		this.counters.fillsRefused.increment();
		this.memory.doubt(text);
	}

	void writtenElsewhere(String text) {
		this.counters.invalidationsReceived.increment();
		this.memory.written(text);
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
		this.memory.clear();
		tell(List.of(this.tags.all().key()));
		this.tags.all().forget();
	}

	@Override
	public void invalidateTag(String tag) {
		List<TagState> changed = List.of(this.tags.state(tag), this.tags.named(tag), this.tags.guard());
		changed.forEach(TagState::forget);
		tell(changed.stream().map(TagState::key).toList());
		changed.forEach(TagState::forget);
	}

	/** Tells L2 and the other nodes, now or when it is back. */
	private void tell(List<String> keys) {
		if (keys.isEmpty()) {
			return;
		}
		try {
			this.node.tier().invalidate(keys).get(this.settings.loadTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			this.node.debts().owe(keys);
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
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
				Fill fill = (given.token() != null) ? kept(text, byText.get(text), flight, given, moment) : null;
				if (fill != null) {
					fills.add(fill);
				}
			});
			fill(fills);
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
		public @Nullable LocalEntry entry(@Nullable V value) {
			if (value == null && DefaultCoherentCache.this.settings.absentTimeToLive().isZero()) {
				return null;
			}
			CoherentFlight flight = DefaultCoherentCache.this.memory.newFlight();
			CacheTags.Moment moment = DefaultCoherentCache.this.tags.moment();
			EntryTags tagged = (moment != null) ? tagged(value, moment) : null;
			return (tagged != null) ? DefaultCoherentCache.this.memory
				.entry((value != null) ? value : LocalEntry.ABSENT, tagged, flight, true) : null;
		}

		@Override
		public byte @Nullable [] encoded(String text, @Nullable V value, LocalEntry entry) {
			return DefaultCoherentCache.this.remote.encoded(text, value, entry.tags());
		}

		@Override
		public void refused(String text) {
			DefaultCoherentCache.this.refused(text);
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
			Fill fill = kept(this.text, value, this.flight, this.terms, this.moment);
			DefaultCoherentCache.this.fill((fill != null) ? List.of(fill) : List.of());
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
