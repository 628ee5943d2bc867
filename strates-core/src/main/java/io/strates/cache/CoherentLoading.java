package io.strates.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentFlight.Landing;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.Leases.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Brings what L1 of one coherent cache does not have: from L2, or else from the loader,
 * whose values are kept in both.
 */
/*
 * Writes of other nodes whose message has not come yet are kept out by the lease, which
 * is asked for before the loader is called: if the key is being written, the tier gives
 * none, and what is loaded is not kept. Without a lease, since the tier is away, an entry
 * is good for moments only, and so is every entry while the node does not hear the
 * others.
 *
 * L1 takes what was loaded before L2 has confirmed it: the lease is proof enough, and a
 * writer who came after it tells this node by a message. A refusal is that message on a
 * second way.
 */
final class CoherentLoading<K, V> {

	private final CoherentCacheSpec<K, V> spec;

	private final CacheSettings settings;

	private final CoherentNode node;

	private final CoherentCounters counters;

	private final CoherentMemory memory;

	private final RemoteEntries<V> remote;

	private final Leases leases;

	private final CacheTags tags;

	CoherentLoading(CoherentCacheSpec<K, V> spec, CoherentNode node, CoherentCounters counters, CoherentMemory memory,
			RemoteEntries<V> remote, Leases leases, CacheTags tags) {
		this.spec = spec;
		this.settings = spec.settings();
		this.node = node;
		this.counters = counters;
		this.memory = memory;
		this.remote = remote;
		this.leases = leases;
		this.tags = tags;
	}

	/**
	 * Leads flights to their end.
	 * @param trips the flights, which have departed
	 * @param loader called for what L2 does not have
	 * @param again whether what the tiers hold is to be loaded again
	 */
	void lead(List<Trip<K>> trips, BatchLoader<K, V> loader, boolean again) {
		trips.forEach((trip) -> trip.flight().leadBy(Thread.currentThread()));
		try {
			if (!again) {
				trips.forEach(this::lookAgain);
			}
			List<Trip<K>> open = open(trips);
			boolean leasedAtOnce = open.size() == 1 && this.remote.isUnlikely();
			if (!again && !leasedAtOnce) {
				fetch(open);
				open = open(open);
			}
			Map<String, Terms> terms = lease(open, again);
			open = open(open);
			if (!again && leasedAtOnce) {
				this.remote.count(open.isEmpty() ? 1 : 0, open.size());
			}
			load(open, terms, loader);
			trips.forEach(Trip::end);
		}
		catch (RuntimeException | Error ex) {
			trips.forEach((trip) -> trip.flight().crash(ex));
			throw ex;
		}
		finally {
			trips.forEach((trip) -> this.memory.remove(trip.text(), trip.flight()));
		}
	}

	private static <K> List<Trip<K>> open(List<Trip<K>> trips) {
		List<Trip<K>> open = new ArrayList<>(trips.size());
		trips.forEach((trip) -> {
			if (trip.isOpen()) {
				open.add(trip);
			}
		});
		return open;
	}

	private static <K> List<String> texts(List<Trip<K>> trips) {
		List<String> texts = new ArrayList<>(trips.size());
		trips.forEach((trip) -> texts.add(trip.text()));
		return texts;
	}

	private void lookAgain(Trip<K> trip) {
		LocalEntry entry = this.memory.currentQuietly(trip.text());
		if (entry != null) {
			trip.land(new Landing(entry.value(), Origin.L1));
		}
	}

	/**
	 * Until this node has told L2 of its own write, L2 may hold what was before it: keys
	 * that it is writing are not asked for.
	 */
	private void fetch(List<Trip<K>> trips) {
		List<Trip<K>> asked = new ArrayList<>(trips.size());
		trips.forEach((trip) -> {
			if (!this.memory.isFenced(trip.text())) {
				asked.add(trip);
			}
		});
		List<RemoteEntries.@Nullable Found> found = this.remote.fetch(texts(asked));
		for (int index = 0; index < found.size(); index++) {
			RemoteEntries.Found each = found.get(index);
			if (each != null) {
				Trip<K> trip = asked.get(index);
				trip.land(landed(trip.text(), each, trip.flight()));
			}
		}
	}

	/** Keeps in L1 what L2 had. */
	Landing landed(String text, RemoteEntries.Found found, CoherentFlight flight) {
		if (!this.memory.keep(text, found.value(), found.tags(), flight, true)) {
			this.memory.drop(text, flight);
		}
		return new Landing(found.value(), Origin.L2);
	}

	/** Asks for the right to keep what is about to be loaded. */
	private Map<String, Terms> lease(List<Trip<K>> trips, boolean again) {
		if (trips.isEmpty()) {
			return Map.of();
		}
		Map<String, Terms> terms = new HashMap<>();
		Map<String, Trip<K>> asked = new LinkedHashMap<>();
		for (Trip<K> trip : trips) {
			if (this.memory.isFenced(trip.text())) {
				terms.put(trip.text(), Terms.NOTHING);
			}
			else {
				asked.put(trip.text(), trip);
			}
		}
		terms.putAll(this.leases.ask(List.copyOf(asked.keySet()), again, (text, bytes) -> {
			RemoteEntries.Found found = this.remote.decoded(text, bytes);
			Trip<K> trip = asked.get(text);
			if (found != null && trip != null) {
				trip.land(landed(text, found, trip.flight()));
			}
			return found != null;
		}));
		return terms;
	}

	private void load(List<Trip<K>> open, Map<String, Terms> terms, BatchLoader<K, V> loader) {
		if (open.isEmpty()) {
			return;
		}
		CacheTags.Moment moment = this.tags.moment();
		for (Trip<K> trip : open) {
			if (moment == null || !terms.getOrDefault(trip.text(), Terms.NOTHING).kept()) {
				trip.flight().fence();
				this.memory.readWhileWritten(trip.text());
			}
			trip.flight().startLoading();
		}
		Map<K, V> loaded;
		try {
			loaded = this.counters.load(keys(open), loader);
		}
		catch (RuntimeException ex) {
			giveBack(terms);
			if (!landStale(open)) {
				throw ex;
			}
			return;
		}
		List<Fill> fills = new ArrayList<>();
		for (Trip<K> trip : open) {
			V value = loaded.get(trip.key());
			Fill fill = kept(trip.text(), value, trip.flight(), terms.getOrDefault(trip.text(), Terms.NOTHING), moment);
			trip.land(new Landing((value != null) ? value : LocalEntry.ABSENT, Origin.L3));
			if (fill != null) {
				fills.add(fill);
			}
		}
		fill(fills);
	}

	private static <K> Set<K> keys(List<Trip<K>> trips) {
		Set<K> keys = new LinkedHashSet<>(2 * trips.size());
		trips.forEach((trip) -> keys.add(trip.key()));
		return keys;
	}

	/** Serves values whose time is over: all of them or none. */
	private boolean landStale(List<Trip<K>> trips) {
		List<LocalEntry> stale = new ArrayList<>();
		for (Trip<K> trip : trips) {
			LocalEntry entry = trip.flight().doubted() ? null : this.memory.stale(trip.text());
			if (entry == null) {
				return false;
			}
			stale.add(entry);
		}
		this.counters.staleAnswers.add(stale.size());
		for (int index = 0; index < stale.size(); index++) {
			trips.get(index).land(new Landing(stale.get(index).value(), Origin.STALE));
		}
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

	/**
	 * Keeps what was read in L1, and returns what is to be kept in L2. Comes before
	 * anybody sees what was read.
	 */
	@Nullable Fill kept(String text, @Nullable V value, CoherentFlight flight, Terms given, CacheTags.@Nullable Moment moment) {
		Fill nothing = nothing(text, given);
		boolean wanted = value != null || !this.settings.absentTimeToLive().isZero();
		EntryTags tagged = (wanted && given.kept() && moment != null) ? tagged(value, moment) : null;
		Object kept = (value != null) ? value : LocalEntry.ABSENT;
		if (tagged == null || !this.memory.keep(text, kept, tagged, flight, given.token() != null)) {
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

	@Nullable EntryTags tagged(@Nullable V value, CacheTags.Moment moment) {
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
	void refused(String text) {
		this.counters.fillsRefused.increment();
		this.memory.doubt(text);
	}

}
