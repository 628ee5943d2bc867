package io.strates.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The fences and tokens of an application without a second tier: they keep the memory of
 * one node coherent with its own writes. It keeps no values and hears of no other node.
 */
final class LocalTier implements CoherentTier {

	private static final Duration FENCE = Duration.ofSeconds(60);

	private final boolean onlyNode;

	private final Duration fence;

	private final Ticker ticker;

	private final Cache<String, Guard> guards;

	/**
	 * Creates a tier.
	 * @param onlyNode whether no other node writes what this one caches
	 */
	LocalTier(boolean onlyNode) {
		this(onlyNode, FENCE, Ticker.systemTicker());
	}

	/**
	 * Creates a tier.
	 * @param onlyNode whether no other node writes what this one caches
	 * @param fence when the fence of a writer falls that never ends
	 * @param ticker tells time
	 */
	LocalTier(boolean onlyNode, Duration fence, Ticker ticker) {
		this.onlyNode = onlyNode;
		this.fence = fence;
		this.ticker = ticker;
		this.guards = Caffeine.newBuilder()
			.ticker(ticker)
			.executor(Runnable::run)
			.expireAfter(Expiry.<String, Guard>writing((key, guard) -> left(guard)))
			.build();
	}

	private Duration left(Guard guard) {
		return Duration.ofNanos(Math.max(0, guard.until - this.ticker.read()));
	}

	@Override
	public List<byte @Nullable []> fetch(List<String> keys) {
		return Collections.nCopies(keys.size(), null);
	}

	@Override
	public Look look(String key) {
		Guard found = this.guards.getIfPresent(key);
		Guard guard = (found != null) ? found.at(this.ticker.read()) : null;
		return new Look(null, (guard != null) ? guard.token : null, guard != null && guard.fenced());
	}

	@Override
	public List<Lease> lease(List<LeaseRequest> requests) {
		return requests.stream().map(this::lease).toList();
	}

	private Lease lease(LeaseRequest request) {
		Guard guard = change(request.key(), (old) -> {
			if (old.fenced()) {
				return old;
			}
			String token = (old.token != null) ? old.token : UUID.randomUUID().toString();
			return new Guard(token, Map.of(), false, later(old, request.life()));
		});
		return guard.fenced() ? new Lease(Lease.State.FENCED, null, null)
				: new Lease(Lease.State.GRANTED, null, guard.token);
	}

	@Override
	public CompletableFuture<Set<String>> fill(Collection<Fill> fills) {
		Set<String> refused = new HashSet<>();
		for (Fill fill : fills) {
			Guard guard = this.guards.getIfPresent(fill.key());
			if (fill.value() != null && (guard == null || !fill.token().equals(guard.token))) {
				refused.add(fill.key());
			}
		}
		return CompletableFuture.completedFuture(Set.copyOf(refused));
	}

	@Override
	public CompletableFuture<Void> begin(String writer, Collection<String> keys) {
		keys.forEach((key) -> change(key, (old) -> {
			Map<String, Long> writers = new HashMap<>(old.writers);
			writers.put(writer, this.ticker.read() + this.fence.toNanos());
			return new Guard(null, writers, old.overlapped || writers.size() > 1, later(old, this.fence));
		}));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings) {
		Set<String> refused = new HashSet<>();
		for (Ending ending : endings) {
			boolean alone = end(writer, ending.key());
			if (!alone && ending.value() != null) {
				refused.add(ending.key());
			}
		}
		return CompletableFuture.completedFuture(Set.copyOf(refused));
	}

	private boolean end(String writer, String key) {
		boolean[] alone = new boolean[1];
		change(key, (old) -> {
			Map<String, Long> others = new HashMap<>(old.writers);
			boolean stood = others.remove(writer) != null;
			alone[0] = stood && others.isEmpty() && !old.overlapped;
			// The others did not know of a writer whose fence had fallen.
			return new Guard(null, others, !others.isEmpty() && (old.overlapped || !stood), old.until);
		});
		return alone[0];
	}

	@Override
	public CompletableFuture<Void> invalidate(Collection<String> keys) {
		keys.forEach((key) -> change(key, (old) -> new Guard(null, old.writers, old.fenced(), old.until)));
		return CompletableFuture.completedFuture(null);
	}

	/** Changes what guards a key, atomically, and forgets what guards nothing. */
	private Guard change(String key, UnaryOperator<Guard> change) {
		Guard[] result = new Guard[1];
		this.guards.asMap().compute(key, (same, old) -> {
			long now = this.ticker.read();
			result[0] = change.apply((old != null) ? old.at(now) : new Guard(null, Map.of(), false, now));
			return (result[0].fenced() || result[0].token != null) ? result[0] : null;
		});
		return result[0];
	}

	private long later(Guard guard, Duration life) {
		long until = this.ticker.read() + life.toNanos();
		return (until - guard.until > 0) ? until : guard.until;
	}

	@Override
	public boolean trusted() {
		return this.onlyNode;
	}

	@Override
	public boolean answering() {
		return true;
	}

	@Override
	public boolean keepsValues() {
		return false;
	}

	@Override
	public void listen(Listener listener) {
		// Nobody else writes.
	}

	@Override
	public ChannelStatistics channel() {
		return new ChannelStatistics(this.onlyNode, 0, null, null, 0, "none");
	}

	@Override
	public void close() {
		this.guards.invalidateAll();
	}

	/**
	 * What stands before a key.
	 *
	 * @param token what was leased
	 * @param writers who writes, and when the fence of each falls
	 * @param overlapped whether somebody else wrote since the present writers began
	 * @param until when all this is forgotten
	 */
	private record Guard(@Nullable String token, Map<String, Long> writers, boolean overlapped, long until) {

		boolean fenced() {
			return !this.writers.isEmpty();
		}

		Guard at(long now) {
			Predicate<Long> over = (falls) -> falls - now <= 0;
			if (this.writers.values().stream().noneMatch(over)) {
				return this;
			}
			Map<String, Long> standing = new HashMap<>(this.writers);
			standing.values().removeIf(over);
			return new Guard(this.token, standing, this.overlapped && !standing.isEmpty(), this.until);
		}

	}

}
