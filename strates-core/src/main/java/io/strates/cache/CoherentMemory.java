package io.strates.cache;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * L1 of one coherent cache: its entries, the flights that bring new ones, and the fences
 * of this node.
 */
/*
 * An entry gets in by a flight or by a write. A flight is marked as doubted by whoever
 * writes the key, on this node or another, before the entry of the key is removed; it
 * puts its entry inside a compute that looks at the mark and at the fences. So either the
 * mark is seen, or the entry is removed after it was put. A write puts its entry while it
 * still holds the fence of the key, and only if no other writer, here or elsewhere, was
 * there since it entered; a message that comes later removes the entry.
 *
 * A reader never goes back to a value that is older than one it has read. Whatever it
 * reads is kept before it sees it, or else all that is there of the key, and all that is
 * on its way into memory, is dropped before it sees it: the database may have shown it
 * the next write already, whose message has not come. Readers who come after that do not
 * join a flight that was on its way, but wait for its end and fly again; to begin another
 * beside it would let flights overtake each other for ever, and nothing would be kept.
 *
 * Doubts, that is messages that may be lost, are counted, and an entry is good for the
 * count of its flight alone: a flight that lands while memory is emptied brings nothing.
 */
final class CoherentMemory {

	private final CoherentNode node;

	private final CacheSettings settings;

	private final Cache<String, LocalEntry> entries;

	private final ConcurrentMap<String, CoherentFlight> flights = new ConcurrentHashMap<>();

	/** Reads that are no loads, but put what they find. */
	private final ConcurrentMap<String, Set<CoherentFlight>> watched = new ConcurrentHashMap<>();

	private final LocalFences fences = new LocalFences();

	CoherentMemory(CoherentNode node, CacheSettings settings, CoherentCounters counters, Consumer<Object> evicted) {
		this.node = node;
		this.settings = settings;
		this.entries = Caffeine.newBuilder()
			.maximumSize(settings.localMaximum())
			// To wake another thread takes longer than what it would do.
			.executor(Runnable::run)
			.ticker(node::now)
			.expireAfter(Expiry.<String, LocalEntry>writing((key, entry) -> entry.kept()))
			.evictionListener((key, entry, cause) -> {
				counters.evicted(cause);
				if (cause == RemovalCause.SIZE && entry != null) {
					evicted.accept(entry.value());
				}
			})
			.build();
	}

	long size() {
		return this.entries.estimatedSize();
	}

	/** Returns the entry of a key if it can be relied on, and counts as a use of it. */
	@Nullable LocalEntry current(String text, long now) {
		LocalEntry entry = this.settings.useLocal() ? this.entries.getIfPresent(text) : null;
		return (entry != null && isCurrent(entry, now)) ? entry : null;
	}

	/** Returns the entry of a key if it can be relied on without asking L2. */
	@Nullable LocalEntry known(String text, long now) {
		LocalEntry entry = this.entries.getIfPresent(text);
		return (entry != null && entry.tags().areKnown(this.node.tags(), now) && isCurrent(entry, now)) ? entry : null;
	}

	/** Returns the entry of a key if it can be relied on. */
	@Nullable LocalEntry currentQuietly(String text) {
		LocalEntry entry = this.settings.useLocal() ? this.entries.policy().getIfPresentQuietly(text) : null;
		return (entry != null && isCurrent(entry, this.node.now())) ? entry : null;
	}

	private boolean isCurrent(LocalEntry entry, long now) {
		return entry.isFresh(now) && entry.doubts() == this.node.doubts() && isHeard(entry, now)
				&& entry.tags().areCurrent(this.node.tags(), now);
	}

	/** Whether this node would have heard of a write, or the entry is young enough. */
	private boolean isHeard(LocalEntry entry, long now) {
		boolean heard = entry.leased() && this.node.tier().trusted();
		return heard || entry.age(now) < TagTokens.DOUBTFUL.toNanos();
	}

	/** Returns whatever is held of a key. */
	@Nullable LocalEntry held(String text) {
		return this.entries.policy().getIfPresentQuietly(text);
	}

	/**
	 * Returns why an entry cannot be relied on, or {@code null} if it can. Changes
	 * nothing.
	 */
	@Nullable String flaw(LocalEntry entry, long now) {
		if (!entry.isFresh(now)) {
			return "its time is over";
		}
		if (entry.doubts() != this.node.doubts()) {
			return "messages of other nodes may have been lost since";
		}
		if (!entry.tags().lookCurrent(this.node.tags())) {
			return "a tag of it was invalidated or written since, or cannot be asked for";
		}
		if (isHeard(entry, now)) {
			return null;
		}
		return entry.leased() ? "this node does not hear other nodes, so that it was good for a second"
				: "L2 did not answer when it was read, so that it was good for a second";
	}

	boolean isLoading(String text) {
		return this.flights.containsKey(text);
	}

	/** Returns an entry whose time is over, if it may still be served. */
	@Nullable LocalEntry stale(String text) {
		LocalEntry entry = this.settings.maxStale().isZero() ? null : this.entries.policy().getIfPresentQuietly(text);
		return (entry != null && entry.doubts() == this.node.doubts() && entry.tags().areKnownCurrent()) ? entry : null;
	}

	CoherentFlight newFlight() {
		return new CoherentFlight(this.node.doubts());
	}

	/** Lets a flight begin, or returns the one that is on its way. */
	@Nullable CoherentFlight depart(String text, CoherentFlight flight) {
		return this.flights.putIfAbsent(text, flight);
	}

	void remove(String text, CoherentFlight flight) {
		this.flights.remove(text, flight);
	}

	/** A flight takes too long: others begin, and nobody tells it of writes any more. */
	void abandon(String text, CoherentFlight flight) {
		flight.doubt();
		this.flights.remove(text, flight);
	}

	CoherentFlight watch(String text) {
		CoherentFlight flight = newFlight();
		this.watched.merge(text, Set.of(flight), CoherentMemory::union);
		return flight;
	}

	private static Set<CoherentFlight> union(Set<CoherentFlight> some, Set<CoherentFlight> others) {
		Set<CoherentFlight> union = new HashSet<>(some);
		union.addAll(others);
		return union;
	}

	void unwatch(String text, CoherentFlight flight) {
		this.watched.computeIfPresent(text, (ignored, flights) -> {
			Set<CoherentFlight> rest = new HashSet<>(flights);
			rest.remove(flight);
			return rest.isEmpty() ? null : rest;
		});
	}

	LocalEntry entry(Object value, EntryTags tags, CoherentFlight flight, boolean leased) {
		return new LocalEntry(value, tags, flight.doubts(), leased, this.node.now(), this.settings);
	}

	/** Keeps what a flight brought, unless the key was written since it began. */
	boolean keep(String text, Object value, EntryTags tags, CoherentFlight flight, boolean leased) {
		if (!this.settings.useLocal()) {
			return mayKeep(text, flight);
		}
		LocalEntry entry = entry(value, tags, flight, leased);
		boolean[] kept = new boolean[1];
		this.entries.asMap().compute(text, (ignored, old) -> {
			kept[0] = mayKeep(text, flight);
			return kept[0] ? entry : old;
		});
		return kept[0];
	}

	private boolean mayKeep(String text, CoherentFlight flight) {
		return !flight.doubted() && !flight.isOvertaken() && !this.fences.contains(text);
	}

	/**
	 * A reader is about to see what a flight brought and what is not kept. All else that
	 * there is of the key may be older.
	 */
	void drop(String text, CoherentFlight flight) {
		this.fences.overlap(text);
		overtakeOther(text, flight);
		forget(text);
		// One that began meanwhile may have found the entry.
		overtakeOther(text, flight);
	}

	private void overtakeOther(String text, CoherentFlight flight) {
		CoherentFlight other = this.flights.get(text);
		if (other != null && !other.equals(flight)) {
			other.overtake();
		}
	}

	private void forget(String text) {
		this.watched.getOrDefault(text, Set.of()).forEach(CoherentFlight::doubt);
		this.entries.invalidate(text);
	}

	boolean isFenced(String text) {
		return this.fences.contains(text);
	}

	/** Whether nobody else has written or read a key since its writer entered. */
	boolean isUndisturbed(String text) {
		return !this.fences.isOverlapped(text);
	}

	void enter(String text) {
		this.fences.enter(text);
		if (this.flights.containsKey(text)) {
			this.fences.overlap(text);
		}
		doubt(text);
	}

	/**
	 * Somebody is writing a key that is about to be read. The reader may see what is
	 * newer than anything this node could keep.
	 */
	void readWhileWritten(String text) {
		this.fences.overlap(text);
		forget(text);
	}

	/**
	 * A writer leaves; what it wrote is kept if nobody else has written or read the key
	 * meanwhile, which is returned.
	 */
	boolean leave(String text, @Nullable LocalEntry written) {
		// Whoever began to load meanwhile has read nobody knows which value.
		doubt(text);
		return this.fences.leave(text, () -> {
			if (written != null && this.settings.useLocal()) {
				this.entries.put(text, written);
			}
		});
	}

	/** What is known of a key is no longer true. */
	void doubt(String text) {
		CoherentFlight flight = this.flights.get(text);
		if (flight != null) {
			flight.doubt();
			this.flights.remove(text, flight);
		}
		forget(text);
	}

	/** Somebody else writes or removes a key. */
	void written(String text) {
		this.fences.overlap(text);
		doubt(text);
	}

	void doubtAll() {
		this.fences.overlapAll();
		doubtFlights();
		clear();
	}

	/** Values are forgotten that nobody can name: each on its way may be one of them. */
	void doubtFlights() {
		this.flights.forEach((text, flight) -> {
			flight.doubt();
			this.flights.remove(text, flight);
		});
		this.watched.values().forEach((flights) -> flights.forEach(CoherentFlight::doubt));
	}

	void clear() {
		this.entries.invalidateAll();
	}

}
