package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentFlight.Landing;
import io.strates.cache.CoherentTier.Ending;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.CoherentTier.Lease;
import io.strates.cache.CoherentTier.LeaseRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * L1 in Caffeine, L2 in a coherent tier, one load per key, and fences around what is
 * written.
 */
/*
 * What keeps memory coherent. An entry gets into L1 by a flight or by a write. A flight
 * is marked as doubted by whoever writes the key, on this node or another, before the
 * entry of the key is removed; it puts its entry inside a compute that looks at the mark
 * and at the fences of this node. So either the mark is seen, or the entry is removed
 * after it was put. A write puts its entry while it still holds the fence of the key, and
 * only if no other writer, here or elsewhere, was there since it entered; a message that
 * comes later removes the entry.
 *
 * Writes of other nodes whose message has not come yet are kept out by the lease, which
 * is asked for before the loader is called: if the key is being written, the tier gives
 * none, and what is loaded is not kept. Without a lease, since the tier is away, an entry
 * is good for moments only, and so is every entry while the node does not hear the
 * others. Doubts, that is messages that may be lost, are counted; an entry is good for
 * the number of its flight alone.
 *
 * A flight whose key is being written may have read the value of before the commit. It
 * answers those who came before its load began; whoever comes later flies again.
 */
final class DefaultCoherentCache<K, V> implements CoherentCache<K, V> {

	private static final Logger logger = LoggerFactory.getLogger(DefaultCoherentCache.class);

	/** That there is no value is a value for L1. */
	private static final Object ABSENT = new Object();

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final CoherentCacheSpec<K, V> spec;

	private final CacheSettings settings;

	private final CoherentNode node;

	private final String fingerprint;

	private final TagState all;

	private final TagState guard;

	private final Cache<String, Entry> local;

	private final ConcurrentMap<String, CoherentFlight> flights = new ConcurrentHashMap<>();

	/** Reads that are not loads, but put what they find into L1. */
	private final ConcurrentMap<String, Set<CoherentFlight>> watched = new ConcurrentHashMap<>();

	private final LocalFences fences = new LocalFences();

	/** The tags that were asked for by name, whose states must not be forgotten. */
	private final Map<String, TagState> named = new ConcurrentHashMap<>();

	private final CoherentCounters counters = new CoherentCounters();

	DefaultCoherentCache(CoherentCacheSpec<K, V> spec, CoherentNode node) {
		this.spec = spec;
		this.settings = spec.settings();
		this.node = node;
		this.fingerprint = (spec.codec() != null) ? spec.codec().fingerprint() : "";
		this.all = node.tags().state(CoherentNode.allKey(spec.name()));
		this.guard = node.tags().state(CoherentNode.guardKey(spec.name()));
		this.local = Caffeine.newBuilder()
			.maximumSize(this.settings.localMaximum())
			.ticker(node::now)
			.expireAfter(Expiry.<String, Entry>writing((key, entry) -> entry.keptFor()))
			.evictionListener((key, entry, cause) -> this.counters.evicted(cause))
			.build();
	}

	/** What L1 knows of a key. Two entries are never equal. */
	private static final class Entry {

		private final Object value;

		private final long since;

		private final long freshUntil;

		private volatile long refreshAt;

		private final Duration kept;

		private final long doubts;

		private final boolean leased;

		private final Tagged tagged;

		Entry(Object value, long now, CacheSettings settings, long doubts, boolean leased, Tagged tagged,
				long lifetime) {
			this.value = value;
			this.since = now;
			this.freshUntil = now + lifetime;
			this.refreshAt = (settings.refreshAhead() > 0) ? now + (long) (lifetime * settings.refreshAhead())
					: Long.MAX_VALUE;
			this.kept = Duration.ofNanos(lifetime).plus(settings.maxStale());
			this.doubts = doubts;
			this.leased = leased;
			this.tagged = tagged;
		}

		Duration keptFor() {
			return this.kept;
		}

	}

	/** Tags with the tokens of one moment. */
	// Read at every hit: an array is nearer than a list, and nobody else sees it.
	@SuppressWarnings("ArrayRecordComponent")
	private record Tagged(TagState[] states, String[] tokens) {

		Map<String, String> byKey() {
			Map<String, String> tokens = new LinkedHashMap<>();
			for (int index = 0; index < this.states.length; index++) {
				tokens.put(this.states[index].key(), this.tokens[index]);
			}
			return tokens;
		}

	}

	/** How a key may be kept that is about to be loaded. */
	private record Terms(@Nullable String token, boolean kept) {

		static final Terms NOTHING = new Terms(null, false);

		static final Terms FOR_MOMENTS = new Terms(null, true);

	}

	@Override
	public CacheAnswer<V> lookUp(K key, BatchLoader<K, V> loader) {
		String text = text(key);
		Entry entry = this.local.getIfPresent(text);
		long now = this.node.now();
		if (entry != null && isCurrent(entry, now) && entry.freshUntil - now > 0) {
			this.counters.localHits.increment();
			if (entry.refreshAt - now <= 0) {
				entry.refreshAt = now + TagTokens.DOUBTFUL.toNanos();
				refresh(key, text, loader);
			}
			return answer(new Landing(entry.value, Origin.L1));
		}
		this.counters.localMisses.increment();
		return answer(flown(key, text, loader));
	}

	@SuppressWarnings({ "unchecked", "ReferenceEquality" })
	private CacheAnswer<V> answer(Landing landing) {
		return new CacheAnswer<>((landing.value() != ABSENT) ? (V) landing.value() : null, landing.origin());
	}

	private String text(K key) {
		return CoherentNode.entryKey(this.spec.name(), this.spec.keyText().apply(key));
	}

	/** Whether nothing that the entry depends on was written since. */
	private boolean isCurrent(Entry entry, long now) {
		if (entry.doubts != this.node.doubts()) {
			return false;
		}
		boolean heard = entry.leased && this.node.tier().trusted();
		if (!heard && now - entry.since >= TagTokens.DOUBTFUL.toNanos()) {
			return false;
		}
		return isCurrent(entry.tagged, now);
	}

	private boolean isCurrent(Tagged tagged, long now) {
		for (int index = 0; index < tagged.states.length; index++) {
			String known = this.node.tags().known(tagged.states[index], now);
			String token = (known != null) ? known : this.node.tags().token(tagged.states[index]);
			if (!tagged.tokens[index].equals(token)) {
				return false;
			}
		}
		return true;
	}

	private Landing flown(K key, String text, BatchLoader<K, V> loader) {
		long deadline = this.node.now() + this.settings.loadTimeout().toNanos();
		while (true) {
			CoherentFlight own = new CoherentFlight(this.node.doubts());
			CoherentFlight other = this.flights.putIfAbsent(text, own);
			if (other == null) {
				return led(key, text, own, loader, deadline);
			}
			boolean early = !other.isLoading();
			Landing landing = landed(text, key, other, deadline);
			if (early || !other.isFenced()) {
				return landing;
			}
		}
	}

	private Landing led(K key, String text, CoherentFlight own, BatchLoader<K, V> loader, long deadline) {
		Map<K, CoherentFlight> led = Map.of(key, own);
		Landing stale = this.settings.softTimeout().isZero() ? null : stale(text);
		if (stale == null) {
			lead(led, loader, false);
			return own.await(0, describe(key));
		}
		this.node.executor().execute(() -> leadQuietly(led, loader, false));
		try {
			long limit = Math.min(this.settings.softTimeout().toNanos(), deadline - this.node.now());
			return own.await(limit, describe(key));
		}
		catch (LoadFailedException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw ex;
			}
			this.counters.staleAnswers.increment();
			return stale;
		}
	}

	private Landing landed(String text, K key, CoherentFlight flight, long deadline) {
		this.counters.coalesced.increment();
		try {
			return flight.await(deadline - this.node.now(), describe(key));
		}
		catch (LoadFailedException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.flights.remove(text, flight);
			}
			throw ex;
		}
	}

	private String describe(K key) {
		return "'" + this.spec.name() + "' " + key;
	}

	/** Returns a value whose time is over, if it may still be served. */
	private @Nullable Landing stale(String text) {
		Entry entry = this.settings.maxStale().isZero() ? null : this.local.policy().getIfPresentQuietly(text);
		return (entry != null && entry.doubts == this.node.doubts() && isKnownCurrent(entry.tagged))
				? new Landing(entry.value, Origin.STALE) : null;
	}

	private boolean isKnownCurrent(Tagged tagged) {
		for (int index = 0; index < tagged.states.length; index++) {
			TagState.Known known = tagged.states[index].known();
			if (known == null || !tagged.tokens[index].equals(known.token())) {
				return false;
			}
		}
		return true;
	}

	private void refresh(K key, String text, BatchLoader<K, V> loader) {
		CoherentFlight own = new CoherentFlight(this.node.doubts());
		if (this.flights.putIfAbsent(text, own) == null) {
			this.node.executor().execute(() -> leadQuietly(Map.of(key, own), loader, true));
		}
	}

	/**
	 * Nobody waits for this load, or whoever does hears of its failure from the flight.
	 */
	private void leadQuietly(Map<K, CoherentFlight> led, BatchLoader<K, V> loader, boolean again) {
		try {
			lead(led, loader, again);
		}
		catch (RuntimeException ex) {
			logger.debug("'{}' could not be loaded in the background: {}", this.spec.name(), ex.toString());
		}
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys, BatchLoader<K, V> loader) {
		Map<K, Object> found = new LinkedHashMap<>();
		Map<K, CoherentFlight> led = new LinkedHashMap<>();
		Map<K, CoherentFlight> awaited = new LinkedHashMap<>();
		long now = this.node.now();
		for (K key : new LinkedHashSet<>(keys)) {
			String text = text(key);
			Entry entry = this.local.getIfPresent(text);
			boolean hit = entry != null && isCurrent(entry, now) && entry.freshUntil - now > 0;
			(hit ? this.counters.localHits : this.counters.localMisses).increment();
			found.put(key, (hit && entry != null) ? entry.value : ABSENT);
			if (!hit) {
				CoherentFlight own = new CoherentFlight(this.node.doubts());
				CoherentFlight other = this.flights.putIfAbsent(text, own);
				(other != null ? awaited : led).put(key, (other != null) ? other : own);
			}
		}
		if (!led.isEmpty()) {
			lead(led, loader, false);
		}
		led.forEach((key, flight) -> found.put(key, flight.await(0, describe(key)).value()));
		// Only now, and as any reader: whoever flies the others may wait for one of
		// these.
		awaited.keySet().forEach((key) -> found.put(key, flown(key, text(key), loader).value()));
		return revealed(found);
	}

	@SuppressWarnings({ "unchecked", "ReferenceEquality" })
	private Map<K, V> revealed(Map<K, Object> found) {
		Map<K, V> values = new LinkedHashMap<>();
		found.forEach((key, value) -> {
			if (value != ABSENT) {
				values.put(key, (V) value);
			}
		});
		return values;
	}

	@Override
	public @Nullable CacheAnswer<V> lookUpIfCached(K key) {
		String text = text(key);
		Entry entry = this.local.getIfPresent(text);
		long now = this.node.now();
		if (entry != null && isCurrent(entry, now) && entry.freshUntil - now > 0) {
			this.counters.localHits.increment();
			return answer(new Landing(entry.value, Origin.L1));
		}
		this.counters.localMisses.increment();
		CoherentFlight own = watched(text);
		try {
			Map<K, Landing> landings = new LinkedHashMap<>();
			fetch(Map.of(key, own), landings);
			Landing landing = landings.get(key);
			return (landing != null) ? answer(landing) : null;
		}
		finally {
			unwatched(text, own);
		}
	}

	@Override
	public @Nullable CacheAnswer<V> peek(K key) {
		Entry entry = this.local.getIfPresent(text(key));
		long now = this.node.now();
		if (entry == null || entry.freshUntil - now <= 0 || !areKnown(entry.tagged, now) || !isCurrent(entry, now)) {
			return null;
		}
		this.counters.localHits.increment();
		return answer(new Landing(entry.value, Origin.L1));
	}

	private boolean areKnown(Tagged tagged, long now) {
		for (TagState state : tagged.states) {
			if (this.node.tags().known(state, now) == null) {
				return false;
			}
		}
		return true;
	}

	private CoherentFlight watched(String text) {
		CoherentFlight flight = new CoherentFlight(this.node.doubts());
		this.watched.merge(text, Set.of(flight), DefaultCoherentCache::union);
		return flight;
	}

	private static Set<CoherentFlight> union(Set<CoherentFlight> some, Set<CoherentFlight> others) {
		Set<CoherentFlight> union = new HashSet<>(some);
		union.addAll(others);
		return union;
	}

	private void unwatched(String text, CoherentFlight flight) {
		this.watched.computeIfPresent(text, (ignored, flights) -> {
			Set<CoherentFlight> rest = new HashSet<>(flights);
			rest.remove(flight);
			return rest.isEmpty() ? null : rest;
		});
	}

	private void lead(Map<K, CoherentFlight> led, BatchLoader<K, V> loader, boolean again) {
		led.values().forEach((flight) -> flight.leadBy(Thread.currentThread()));
		try {
			Map<K, Landing> landings = new LinkedHashMap<>();
			if (!again) {
				led.keySet().forEach((key) -> lookAgain(key, landings));
				fetch(without(led, landings.keySet()), landings);
			}
			Map<K, Terms> terms = lease(without(led, landings.keySet()), landings, again);
			load(without(led, landings.keySet()), terms, landings, loader);
			led.forEach((key, flight) -> flight.land(landings.getOrDefault(key, new Landing(ABSENT, Origin.L3))));
		}
		catch (RuntimeException | Error ex) {
			led.values().forEach((flight) -> flight.crash(ex));
			throw ex;
		}
		finally {
			led.forEach((key, flight) -> this.flights.remove(text(key), flight));
		}
	}

	private static <K, F> Map<K, F> without(Map<K, F> all, Set<K> some) {
		Map<K, F> rest = new LinkedHashMap<>(all);
		rest.keySet().removeAll(some);
		return rest;
	}

	private void lookAgain(K key, Map<K, Landing> landings) {
		Entry entry = this.local.policy().getIfPresentQuietly(text(key));
		long now = this.node.now();
		if (entry != null && entry.freshUntil - now > 0 && isCurrent(entry, now)) {
			landings.put(key, new Landing(entry.value, Origin.L1));
		}
	}

	private void fetch(Map<K, CoherentFlight> wanted, Map<K, Landing> landings) {
		if (wanted.isEmpty() || this.spec.codec() == null || !this.node.canFetch()) {
			return;
		}
		List<K> keys = List.copyOf(wanted.keySet());
		try {
			List<byte @Nullable []> found = this.node.fetch(keys.stream().map(this::text).toList());
			for (int index = 0; index < keys.size(); index++) {
				K key = keys.get(index);
				Landing landing = decoded(key, found.get(index), required(wanted, key));
				(landing != null ? this.counters.remoteHits : this.counters.remoteMisses).increment();
				if (landing != null) {
					landings.put(key, landing);
				}
			}
		}
		catch (TierUnavailableException ex) {
			this.counters.remoteMisses.add(keys.size());
			logger.debug("L2 is passed by: {}", ex.getMessage());
		}
	}

	private static <K, F> F required(Map<K, F> all, K key) {
		F found = all.get(key);
		if (found == null) {
			throw new IllegalStateException("Key " + key + " was not asked for");
		}
		return found;
	}

	/**
	 * Reads what L2 holds; what cannot be read, or is out of date by a tag, is nothing.
	 */
	private @Nullable Landing decoded(K key, byte @Nullable [] bytes, CoherentFlight flight) {
		ValueCodec<V> codec = this.spec.codec();
		Envelope envelope = (bytes != null && codec != null) ? Envelope.decoded(bytes) : null;
		if (envelope == null || codec == null || !envelope.fingerprint().equals(this.fingerprint)) {
			return null;
		}
		Tagged tagged = tagged(envelope.tags());
		if (!isCurrent(tagged, this.node.now())) {
			return null;
		}
		byte[] body = envelope.body();
		try {
			Object value = (body != null) ? codec.decode(body) : ABSENT;
			keep(text(key), entry(value, flight.doubts(), true, tagged), flight);
			return new Landing(value, Origin.L2);
		}
		catch (RuntimeException ex) {
			if (this.counters.firstGarbage()) {
				logger.warn("L2 holds bytes of {} that cannot be decoded ({}); the value is loaded and stored anew, and"
						+ " so are others like it, without a warning each", describe(key), ex.toString());
			}
			return null;
		}
	}

	private Tagged tagged(Map<String, String> tokens) {
		TagState[] states = tokens.keySet().stream().map(this.node.tags()::state).toArray(TagState[]::new);
		return new Tagged(states, tokens.values().toArray(String[]::new));
	}

	private Entry entry(Object value, long doubts, boolean leased, Tagged tagged) {
		long lifetime = lifetime(value, this.settings.localTimeToLive()).toNanos();
		return new Entry(value, this.node.now(), this.settings, doubts, leased, tagged, lifetime);
	}

	@SuppressWarnings("ReferenceEquality")
	private Duration lifetime(Object value, Duration full) {
		Duration time = full;
		if (value == ABSENT && this.settings.absentTimeToLive().compareTo(full) < 0) {
			time = this.settings.absentTimeToLive();
		}
		double part = 1 - this.settings.jitter() * ThreadLocalRandom.current().nextDouble();
		return Duration.ofNanos(Math.max(1, (long) (time.toNanos() * part)));
	}

	/** Puts an entry, unless the key was written since the flight began. */
	private boolean keep(String text, Entry entry, CoherentFlight flight) {
		if (!this.settings.useLocal()) {
			return !flight.doubted();
		}
		boolean[] kept = new boolean[1];
		this.local.asMap().compute(text, (ignored, old) -> {
			kept[0] = !flight.doubted() && !this.fences.contains(text);
			return kept[0] ? entry : old;
		});
		return kept[0];
	}

	/** Asks for the right to keep what is about to be loaded. */
	private Map<K, Terms> lease(Map<K, CoherentFlight> wanted, Map<K, Landing> landings, boolean again) {
		Map<K, Terms> terms = new LinkedHashMap<>();
		Map<K, CoherentFlight> open = new LinkedHashMap<>();
		wanted.forEach((key, flight) -> {
			if (this.fences.contains(text(key))) {
				terms.put(key, fenced(flight));
			}
			else {
				open.put(key, flight);
			}
		});
		long deadline = this.node.now() + this.settings.loadTimeout().toNanos();
		boolean replace = again;
		while (!open.isEmpty()) {
			Map<K, CompletableFuture<Void>> awaited = ask(open, terms, landings, replace, deadline);
			open.keySet().removeAll(terms.keySet());
			open.keySet().removeAll(landings.keySet());
			awaitOthers(awaited, deadline);
		}
		return terms;
	}

	private Terms fenced(CoherentFlight flight) {
		flight.fence();
		this.counters.fillsRefused.increment();
		return Terms.NOTHING;
	}

	private Map<K, CompletableFuture<Void>> ask(Map<K, CoherentFlight> open, Map<K, Terms> terms,
			Map<K, Landing> landings, boolean replace, long deadline) {
		boolean exclusive = this.settings.oneLoadPerCluster() && deadline - this.node.now() > 0;
		List<K> keys = List.copyOf(open.keySet());
		Map<K, CompletableFuture<Void>> awaited = new LinkedHashMap<>();
		if (exclusive) {
			keys.forEach((key) -> awaited.put(key, this.node.landing(text(key))));
		}
		try {
			Duration life = this.settings.loadTimeout().multipliedBy(2);
			List<Lease> leases = this.node.tier()
				.lease(keys.stream().map((key) -> new LeaseRequest(text(key), replace, exclusive, life)).toList());
			for (int index = 0; index < keys.size(); index++) {
				settle(keys.get(index), leases.get(index), open, terms, landings);
			}
		}
		catch (TierUnavailableException ex) {
			keys.forEach((key) -> terms.put(key, Terms.FOR_MOMENTS));
		}
		awaited.forEach((key, landing) -> {
			if (terms.containsKey(key) || landings.containsKey(key)) {
				this.node.forgetLanding(text(key), landing);
			}
		});
		awaited.keySet().removeAll(terms.keySet());
		awaited.keySet().removeAll(landings.keySet());
		return awaited;
	}

	private void settle(K key, Lease lease, Map<K, CoherentFlight> open, Map<K, Terms> terms,
			Map<K, Landing> landings) {
		CoherentFlight flight = required(open, key);
		switch (lease.state()) {
			case GRANTED -> terms.put(key, new Terms(lease.token(), true));
			case FENCED -> terms.put(key, fenced(flight));
			case PRESENT -> {
				Landing landing = this.node.canFetch() ? decoded(key, lease.value(), flight) : null;
				if (landing != null) {
					landings.put(key, landing);
				}
				else {
					terms.put(key, replacing(key, flight));
				}
			}
			case AWAITED -> logger.trace("{} is being loaded by another node", key);
		}
	}

	/** Asks once more for a key whose value in L2 is of no use. */
	private Terms replacing(K key, CoherentFlight flight) {
		try {
			Lease lease = this.node.tier()
				.lease(List.of(new LeaseRequest(text(key), true, false, this.settings.loadTimeout().multipliedBy(2))))
				.get(0);
			return (lease.token() != null) ? new Terms(lease.token(), true) : fenced(flight);
		}
		catch (TierUnavailableException ex) {
			return Terms.FOR_MOMENTS;
		}
	}

	private void awaitOthers(Map<K, CompletableFuture<Void>> awaited, long deadline) {
		awaited.forEach((key, landing) -> {
			try {
				long left = Math.min(RETRY_NANOS, deadline - this.node.now());
				landing.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				this.node.forgetLanding(text(key), landing);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new LoadFailedException("Interrupted while another node loaded " + describe(key), ex);
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("A landing has no failures", ex);
			}
		});
	}

	private void load(Map<K, CoherentFlight> wanted, Map<K, Terms> terms, Map<K, Landing> landings,
			BatchLoader<K, V> loader) {
		if (wanted.isEmpty()) {
			return;
		}
		String allToken = this.node.tags().token(this.all);
		String guardToken = this.node.tags().token(this.guard);
		if (allToken == null || guardToken == null) {
			wanted.forEach((key, flight) -> terms.put(key, fenced(flight)));
		}
		wanted.values().forEach(CoherentFlight::startLoading);
		Map<K, V> loaded;
		try {
			loaded = timed(wanted.keySet(), loader);
		}
		catch (RuntimeException | Error ex) {
			giveBack(wanted.keySet(), terms);
			if (ex instanceof Error || !landStale(wanted, landings)) {
				throw ex;
			}
			return;
		}
		List<Fill> fills = new ArrayList<>();
		wanted.forEach((key, flight) -> {
			V value = loaded.get(key);
			landings.put(key, new Landing((value != null) ? value : ABSENT, Origin.L3));
			Fill fill = kept(key, value, flight, required(terms, key), allToken, guardToken);
			if (fill != null) {
				fills.add(fill);
			}
		});
		fill(fills);
	}

	/** Serves values whose time is over; all of them or none. */
	private boolean landStale(Map<K, CoherentFlight> wanted, Map<K, Landing> landings) {
		Map<K, Landing> stale = new LinkedHashMap<>();
		wanted.forEach((key, flight) -> {
			Landing landing = flight.doubted() ? null : stale(text(key));
			if (landing != null) {
				stale.put(key, landing);
			}
		});
		if (stale.size() < wanted.size()) {
			return false;
		}
		this.counters.staleAnswers.add(stale.size());
		landings.putAll(stale);
		return true;
	}

	private void giveBack(Set<K> keys, Map<K, Terms> terms) {
		List<Fill> fills = new ArrayList<>();
		for (K key : keys) {
			Terms given = terms.get(key);
			if (given != null && given.token() != null) {
				fills.add(new Fill(text(key), given.token(), null, this.settings.remoteTimeToLive()));
			}
		}
		if (this.settings.oneLoadPerCluster() && !fills.isEmpty()) {
			fill(fills);
		}
	}

	private Map<K, V> timed(Set<K> missing, BatchLoader<K, V> loader) {
		this.counters.loads.add(missing.size());
		long start = System.nanoTime();
		try {
			return loader.load(new LinkedHashSet<>(missing));
		}
		catch (RuntimeException | Error ex) {
			this.counters.loadFailures.increment();
			throw ex;
		}
		finally {
			this.counters.loadNanos.add(System.nanoTime() - start);
		}
	}

	/** Keeps what was loaded in L1, and returns what is to be kept in L2. */
	private @Nullable Fill kept(K key, @Nullable V value, CoherentFlight flight, Terms terms, @Nullable String allToken,
			@Nullable String guardToken) {
		if (!terms.kept()) {
			return null;
		}
		String text = text(key);
		Fill nothing = (terms.token() != null && this.settings.oneLoadPerCluster())
				? new Fill(text, terms.token(), null, this.settings.remoteTimeToLive()) : null;
		if (value == null && this.settings.absentTimeToLive().isZero()) {
			return nothing;
		}
		Tagged tagged = (allToken != null) ? tagged(value, allToken, guardToken) : null;
		if (tagged == null) {
			this.counters.fillsRefused.increment();
			return nothing;
		}
		Object kept = (value != null) ? value : ABSENT;
		Entry entry = entry(kept, flight.doubts(), terms.token() != null, tagged);
		if (!keep(text, entry, flight)) {
			this.counters.fillsRefused.increment();
			return nothing;
		}
		byte[] bytes = encoded(key, value, tagged);
		return (terms.token() != null && bytes != null)
				? new Fill(text, terms.token(), bytes, lifetime(kept, this.settings.remoteTimeToLive())) : nothing;
	}

	/**
	 * Returns the tags of a value; nothing if one of them may have been invalidated since
	 * the value was read.
	 */
	private @Nullable Tagged tagged(@Nullable V value, String allToken, @Nullable String guardToken) {
		Map<String, String> tokens = new LinkedHashMap<>();
		tokens.put(this.all.key(), allToken);
		Set<String> tags = (value != null) ? this.spec.tags().apply(value) : Set.of();
		boolean asked = false;
		List<TagState> states = new ArrayList<>(List.of(this.all));
		for (String tag : tags) {
			TagState state = this.node.tags().state(CoherentNode.tagKey(this.spec.name(), tag));
			states.add(state);
			asked |= this.node.tags().known(state, this.node.now()) == null;
			String token = this.node.tags().token(state);
			if (token == null) {
				return null;
			}
			tokens.put(state.key(), token);
		}
		if (asked && guardToken != null && !guardToken.equals(this.node.tags().ask(this.guard))) {
			return null;
		}
		return new Tagged(states.toArray(TagState[]::new), tokens.values().toArray(String[]::new));
	}

	private byte @Nullable [] encoded(K key, @Nullable V value, Tagged tagged) {
		ValueCodec<V> codec = this.spec.codec();
		if (codec == null) {
			return null;
		}
		try {
			byte[] body = (value != null) ? codec.encode(value) : null;
			return new Envelope(this.fingerprint, tagged.byKey(), body).encoded();
		}
		catch (IllegalArgumentException ex) {
			if (this.counters.firstUnencodable()) {
				logger.warn("{} stays out of L2, and so do others like it, without a warning each: {}", describe(key),
						ex.getMessage());
			}
			return null;
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void fill(List<Fill> fills) {
		if (!fills.isEmpty()) {
			this.node.tier().fill(fills).whenComplete((refused, failure) -> {
				if (failure == null) {
					refused.forEach(this::refused);
				}
			});
		}
	}

	/** Somebody writes the key: L1 may hold the value of before. */
	private void refused(String text) {
		this.counters.fillsRefused.increment();
		doubt(text);
	}

	/** What is known of a key is no longer true. */
	private void doubt(String text) {
		CoherentFlight flight = this.flights.get(text);
		if (flight != null) {
			flight.doubt();
			this.flights.remove(text, flight);
		}
		this.watched.getOrDefault(text, Set.of()).forEach(CoherentFlight::doubt);
		this.local.invalidate(text);
	}

	void writtenElsewhere(String text) {
		this.counters.invalidationsReceived.increment();
		this.fences.overlap(text);
		doubt(text);
	}

	void doubtAll() {
		this.fences.overlapAll();
		this.flights.forEach((text, flight) -> {
			flight.doubt();
			this.flights.remove(text, flight);
		});
		this.watched.values().forEach((flights) -> flights.forEach(CoherentFlight::doubt));
		this.local.invalidateAll();
	}

	@Override
	public CacheFill<V> fill(K key) {
		return new OpenFill(key);
	}

	@Override
	public CacheWrite<K, V> write(Collection<? extends K> keys, Set<String> tags) {
		return new Write(new LinkedHashSet<>(keys), tags);
	}

	@Override
	public void invalidate(Collection<? extends K> keys) {
		List<String> texts = keys.stream().map(this::text).toList();
		texts.forEach((text) -> {
			this.fences.overlap(text);
			doubt(text);
		});
		tell(texts);
		// What was read from L2 before it was told.
		texts.forEach(this::doubt);
	}

	@Override
	public void invalidateAll() {
		this.all.forget();
		this.local.invalidateAll();
		tell(List.of(this.all.key()));
		this.all.forget();
	}

	@Override
	public void invalidateTag(String tag) {
		TagState state = this.node.tags().state(CoherentNode.tagKey(this.spec.name(), tag));
		state.forget();
		this.guard.forget();
		tell(List.of(state.key(), this.guard.key()));
		state.forget();
		this.guard.forget();
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
		String token = this.node.tags().token(named(tag));
		String allToken = (token != null) ? this.node.tags().token(this.all) : null;
		return (allToken != null) ? token + allToken : null;
	}

	private TagState named(String tag) {
		return this.named.computeIfAbsent(tag,
				(name) -> this.node.tags().state(CoherentNode.tagKey(this.spec.name(), name)));
	}

	@Override
	public void offer(Map<K, V> values, String tag, String token) {
		Map<K, CoherentFlight> watched = new LinkedHashMap<>();
		values.keySet().forEach((key) -> watched.put(key, watched(text(key))));
		try {
			String allToken = this.node.tags().token(this.all);
			String guardToken = this.node.tags().token(this.guard);
			Map<K, Terms> terms = new LinkedHashMap<>();
			Map<K, Landing> landings = new LinkedHashMap<>();
			Map<K, CoherentFlight> open = new LinkedHashMap<>(watched);
			open.keySet().removeIf((key) -> this.fences.contains(text(key)));
			ask(open, terms, landings, true, this.node.now());
			if (allToken == null || !token.equals(askedToken(tag))) {
				return;
			}
			List<Fill> fills = new ArrayList<>();
			terms.forEach((key, given) -> {
				Fill fill = (given.token() != null)
						? kept(key, values.get(key), required(watched, key), given, allToken, guardToken) : null;
				if (fill != null) {
					fills.add(fill);
				}
			});
			fill(fills);
		}
		finally {
			watched.forEach((key, flight) -> unwatched(text(key), flight));
		}
	}

	private @Nullable String askedToken(String tag) {
		String token = this.node.tags().ask(named(tag));
		String allToken = (token != null) ? this.node.tags().ask(this.all) : null;
		return (allToken != null) ? token + allToken : null;
	}

	/** The keys that stand for all that this cache holds. */
	Collection<String> everything() {
		List<String> keys = new ArrayList<>(List.of(this.all.key(), this.guard.key()));
		this.named.values().forEach((state) -> keys.add(state.key()));
		return keys;
	}

	@Override
	public CacheStatistics statistics() {
		return this.counters.snapshot(this.spec.name(), this.local.estimatedSize());
	}

	@Override
	public CoherenceStatistics coherence() {
		return this.counters.coherence(this.node.debts().size());
	}

	/** A fill of this node that is not a load. */
	private final class OpenFill implements CacheFill<V> {

		private final K key;

		private final CoherentFlight flight;

		private final Terms terms;

		private final @Nullable String allToken;

		private final @Nullable String guardToken;

		private boolean closed;

		OpenFill(K key) {
			this.key = key;
			this.flight = watched(text(key));
			Map<K, Landing> landings = new LinkedHashMap<>();
			Map<K, Terms> given = new LinkedHashMap<>();
			if (!DefaultCoherentCache.this.fences.contains(text(key))) {
				ask(Map.of(key, this.flight), given, landings, true, DefaultCoherentCache.this.node.now());
			}
			this.terms = given.getOrDefault(key, Terms.NOTHING);
			this.allToken = DefaultCoherentCache.this.node.tags().token(DefaultCoherentCache.this.all);
			this.guardToken = DefaultCoherentCache.this.node.tags().token(DefaultCoherentCache.this.guard);
		}

		@Override
		public boolean complete(@Nullable V value) {
			if (this.closed) {
				throw new IllegalStateException(
						"This fill of '" + DefaultCoherentCache.this.spec.name() + "' has ended; ask for another");
			}
			Fill fill = kept(this.key, value, this.flight, this.terms, this.allToken, this.guardToken);
			DefaultCoherentCache.this.fill((fill != null) ? List.of(fill) : List.of());
			close();
			return this.terms.kept() && !this.flight.doubted();
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				unwatched(text(this.key), this.flight);
			}
		}

	}

	/** A write of this node. */
	private final class Write implements CacheWrite<K, V> {

		private final String writer = DefaultCoherentCache.this.node.nextWriter();

		private final Map<K, String> keys = new LinkedHashMap<>();

		private final List<TagState> tags;

		private final CompletableFuture<Void> fenced;

		private boolean unfenced;

		private boolean ended;

		Write(Set<K> keys, Set<String> tags) {
			keys.forEach((key) -> this.keys.put(key, text(key)));
			this.tags = tags.stream().map(DefaultCoherentCache.this::named).toList();
			DefaultCoherentCache.this.counters.writes.add(keys.size());
			this.keys.values().forEach((text) -> {
				DefaultCoherentCache.this.fences.enter(text);
				doubt(text);
			});
			this.tags.forEach(TagState::enter);
			this.fenced = DefaultCoherentCache.this.node.tier().begin(this.writer, allTexts());
		}

		private List<String> allTexts() {
			List<String> texts = new ArrayList<>(this.keys.values());
			this.tags.forEach((tag) -> texts.add(tag.key()));
			return texts;
		}

		@Override
		public void awaitFences() {
			try {
				this.fenced.get();
			}
			catch (ExecutionException ex) {
				this.unfenced = true;
			}
			catch (InterruptedException ex) {
				this.unfenced = true;
				Thread.currentThread().interrupt();
			}
		}

		@Override
		@SuppressWarnings("FutureReturnValueIgnored")
		public void committed(Map<K, ? extends @Nullable V> values) {
			end();
			awaitFences();
			Map<K, Entry> entries = new LinkedHashMap<>();
			List<Ending> endings = new ArrayList<>();
			this.keys.forEach((key, text) -> {
				Entry entry = values.containsKey(key) ? written(values.get(key)) : null;
				byte[] bytes = null;
				if (entry != null) {
					entries.put(key, entry);
					bytes = encoded(key, values.get(key), entry.tagged);
				}
				endings.add(new Ending(text, bytes, lifetime((entry != null) ? entry.value : "",
						DefaultCoherentCache.this.settings.remoteTimeToLive())));
			});
			this.tags.forEach((tag) -> endings
				.add(new Ending(tag.key(), null, DefaultCoherentCache.this.settings.remoteTimeToLive())));
			if (this.unfenced) {
				DefaultCoherentCache.this.node.debts().owe(allTexts());
				leave(Map.of());
			}
			else if (DefaultCoherentCache.this.settings.localAfterRemote()) {
				tellEnd(endings).whenComplete(
						(refused, failure) -> leave((failure == null) ? without(entries, keysOf(refused)) : Map.of()));
			}
			else {
				leave(entries);
				tellEnd(endings);
			}
		}

		private Set<K> keysOf(Set<String> texts) {
			Set<K> found = new HashSet<>();
			this.keys.forEach((key, text) -> {
				if (texts.contains(text)) {
					found.add(key);
				}
			});
			return found;
		}

		/** Returns the entry of a written value, if all of its tags are known. */
		private @Nullable Entry written(@Nullable V value) {
			if (value == null && DefaultCoherentCache.this.settings.absentTimeToLive().isZero()) {
				return null;
			}
			String allToken = DefaultCoherentCache.this.node.tags().token(DefaultCoherentCache.this.all);
			Tagged tagged = (allToken != null) ? tagged(value, allToken, null) : null;
			return (tagged != null)
					? entry((value != null) ? value : ABSENT, DefaultCoherentCache.this.node.doubts(), true, tagged)
					: null;
		}

		private void leave(Map<K, Entry> entries) {
			boolean local = DefaultCoherentCache.this.settings.useLocal();
			this.keys.forEach((key, text) -> {
				Entry entry = local ? entries.get(key) : null;
				// Whoever began to load meanwhile has read nobody knows which value.
				doubt(text);
				DefaultCoherentCache.this.fences.leave(text, () -> {
					if (entry != null) {
						DefaultCoherentCache.this.local.put(text, entry);
					}
				});
			});
			this.tags.forEach(TagState::leave);
		}

		private CompletableFuture<Set<String>> tellEnd(List<Ending> endings) {
			CompletableFuture<Set<String>> told = DefaultCoherentCache.this.node.tier().end(this.writer, endings);
			return told.whenComplete((refused, failure) -> {
				if (failure != null) {
					DefaultCoherentCache.this.node.debts().owe(allTexts());
					this.keys.values().forEach(DefaultCoherentCache.this::doubt);
				}
				else {
					refused.forEach(DefaultCoherentCache.this::refused);
				}
			});
		}

		private void end() {
			if (this.ended) {
				throw new IllegalStateException(
						"This write of '" + DefaultCoherentCache.this.spec.name() + "' has ended; begin another");
			}
			this.ended = true;
		}

		@Override
		public void outcomeUnknown() {
			end();
			leave(Map.of());
			if (this.unfenced || this.fenced.isCompletedExceptionally()) {
				DefaultCoherentCache.this.node.debts().owe(allTexts());
			}
		}

		@Override
		@SuppressWarnings("FutureReturnValueIgnored")
		public void close() {
			if (this.ended) {
				return;
			}
			this.ended = true;
			leave(Map.of());
			List<Ending> endings = allTexts().stream()
				.map((text) -> new Ending(text, null, DefaultCoherentCache.this.settings.remoteTimeToLive()))
				.toList();
			DefaultCoherentCache.this.node.tier().end(this.writer, endings);
		}

	}

}
