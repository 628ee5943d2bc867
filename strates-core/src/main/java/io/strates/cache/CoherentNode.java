package io.strates.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What the coherent caches of one node share: the tier, the tags, the debts, and the ear
 * for what other nodes tell.
 */
/*
 * Keys begin with a letter for what they are: c for an entry, t for a tag of entries, n
 * for a named tag, a for all entries of a cache, g for the tags of a cache. The name of
 * the cache comes next, so that a message finds it.
 */
final class CoherentNode implements CoherentTier.Listener {

	/**
	 * For how long L2 is not read after it was away: long enough for other nodes to find
	 * out that it is back, one after another, and to tell it what they wrote meanwhile.
	 */
	private static final Duration SETTLING = Duration.ofSeconds(2);

	private static final String GUARD = "g:";

	private final CoherentTier tier;

	private final FetchCoalescer single;

	private final TagTokens tags;

	private final Debts debts;

	private final Executor executor;

	private final LongSupplier nanos;

	private final Map<String, DefaultCoherentCache<?, ?>> caches = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

	private final String name = UUID.randomUUID().toString();

	private final AtomicLong writers = new AtomicLong();

	private volatile long doubts;

	/** When L2 was last known to be away. */
	private volatile @Nullable Long awayAt;

	CoherentNode(CoherentTier tier, Executor executor, ScheduledExecutorService scheduler, LongSupplier nanos) {
		this.tier = tier;
		this.single = new FetchCoalescer(tier::fetch);
		this.debts = new Debts(this::invalidate, scheduler, this::allKeys, nanos, this::away);
		this.tags = new TagTokens(tier, () -> this.debts.size() > 0 || wasAway(), this::away, nanos);
		this.executor = executor;
		this.nanos = nanos;
		tier.listen(this);
	}

	/** What the keys of all entries of a cache begin with. */
	static String entryPrefix(String cache) {
		return CacheKeys.join("c", cache);
	}

	static String entryKey(String cache, String text) {
		return CacheKeys.add(entryPrefix(cache), text);
	}

	static String tagKey(String cache, String tag) {
		return CacheKeys.join("t", cache, tag);
	}

	/** A tag that no entry carries, but whose state is asked for by name. */
	static String namedKey(String cache, String tag) {
		return CacheKeys.join("n", cache, tag);
	}

	/** The tag that all entries of a cache carry. */
	static String allKey(String cache) {
		return CacheKeys.join("a", cache);
	}

	/** The tag that changes when any tag of a cache is invalidated. */
	static String guardKey(String cache) {
		return GUARD + CacheKeys.join(cache);
	}

	/**
	 * Tells L2 that keys were written or invalidated. Guards come first, and are there
	 * before the tags that they guard are told: in a Redis Cluster these lie in different
	 * slots, and are not told in one step. Were a tag told first, who has read a value of
	 * before could ask for its new token, find the guard as it was, and keep the value.
	 * If only the guard is told, whoever has read a value of before does not keep it, and
	 * nothing else has changed: the tags are still to be told.
	 */
	CompletableFuture<Void> invalidate(Collection<String> keys) {
		Map<Boolean, List<String>> parts = keys.stream().collect(Collectors.partitioningBy(CoherentNode::isGuard));
		List<String> guards = parts.getOrDefault(true, List.of());
		List<String> others = parts.getOrDefault(false, List.of());
		if (guards.isEmpty() || others.isEmpty()) {
			return this.tier.invalidate(keys);
		}
		return this.tier.invalidate(guards).thenCompose((told) -> this.tier.invalidate(others));
	}

	static boolean isGuard(String key) {
		return key.startsWith(GUARD);
	}

	boolean add(String cache, DefaultCoherentCache<?, ?> added) {
		return this.caches.putIfAbsent(CacheKeys.join(cache), added) == null;
	}

	private Collection<String> allKeys() {
		return this.caches.values().stream().flatMap((cache) -> cache.everything().stream()).toList();
	}

	CoherentTier tier() {
		return this.tier;
	}

	TagTokens tags() {
		return this.tags;
	}

	Debts debts() {
		return this.debts;
	}

	Executor executor() {
		return this.executor;
	}

	long now() {
		return this.nanos.getAsLong();
	}

	/** Returns how often this node had doubts in its memory so far. */
	long doubts() {
		return this.doubts;
	}

	String nextWriter() {
		return this.name + Long.toString(this.writers.incrementAndGet(), Character.MAX_RADIX);
	}

	/**
	 * Returns whether what L2 holds can be relied on, and is worth asking for. Where it
	 * was away, the other nodes get a while to tell it what they wrote meanwhile: what
	 * this node has read from the database since is newer than what L2 may hold.
	 */
	boolean canFetch() {
		if (this.tier.keepsValues() && !this.tier.answering()) {
			away();
		}
		return mayFetch();
	}

	/** Returns the same, and takes no note of it. */
	boolean mayFetch() {
		return this.tier.keepsValues() && this.tier.answering() && this.debts.size() == 0 && !wasAway();
	}

	/** L2 did not answer. */
	void away() {
		this.awayAt = now();
	}

	private boolean wasAway() {
		Long away = this.awayAt;
		return away != null && now() - away < SETTLING.toNanos();
	}

	List<byte @Nullable []> fetch(List<String> keys) {
		if (keys.size() > 1) {
			return this.tier.fetch(keys);
		}
		return Collections.singletonList(this.single.fetch(keys.get(0)));
	}

	/** Returns what completes when another node has ended its load of a key. */
	CompletableFuture<Void> landing(String key) {
		return this.awaited.computeIfAbsent(key, (ignored) -> new CompletableFuture<>());
	}

	void forgetLanding(String key, CompletableFuture<Void> landing) {
		this.awaited.remove(key, landing);
	}

	@Override
	public void invalidated(Collection<String> keys) {
		for (String key : keys) {
			DefaultCoherentCache<?, ?> cache = cacheOf(key);
			if (key.startsWith("c:")) {
				if (cache != null) {
					cache.writtenElsewhere(key);
				}
				continue;
			}
			this.tags.forget(key);
			if (cache != null && (key.startsWith("a:") || key.startsWith("t:"))) {
				cache.forgottenElsewhere();
			}
		}
	}

	private @Nullable DefaultCoherentCache<?, ?> cacheOf(String key) {
		return this.caches.get(cacheName(key));
	}

	/** Returns the name of the cache of a key, as keys write it. */
	static String cacheName(String key) {
		int end = key.indexOf(':', 2);
		return (key.length() > 2) ? key.substring(2, (end > 0) ? end : key.length()) : "";
	}

	@Override
	public void landed(Collection<String> keys) {
		for (String key : keys) {
			CompletableFuture<Void> landing = this.awaited.remove(key);
			if (landing != null) {
				landing.complete(null);
			}
		}
	}

	@Override
	public void returned() {
		away();
	}

	/*
	 * The number first: an entry that is put while the caches are emptied carries the old
	 * number, or is put by a flight that has seen the new one.
	 */
	@Override
	public synchronized void doubted() {
		this.doubts++;
		this.tags.forgetAll();
		this.caches.values().forEach(DefaultCoherentCache::doubtAll);
	}

	/*
	 * For some seconds two servers may be masters. What this node wrote then, only the
	 * nodes on the one that it has left were told; those on the other may have read what
	 * was there before. Which keys these are is not worth remembering: the other server
	 * holds little yet, and memory is in doubt anyway.
	 */
	@Override
	public void replaced() {
		this.debts.oweAll();
	}

}
