package io.strates.cache;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The fences and tokens of one node that has no second tier. It keeps no values.
 */
final class LocalTier implements CoherentTier {

	private final ConcurrentMap<String, State> states;

	private final boolean onlyNode;

	/**
	 * Creates the tier.
	 * @param onlyNode whether no other node writes what this one caches
	 */
	LocalTier(boolean onlyNode) {
		this.onlyNode = onlyNode;
		this.states = Caffeine.newBuilder().maximumSize(1_000_000).<String, State>build().asMap();
	}

	/** The token of a key and its writers. */
	private record State(@Nullable String token, Set<String> writers) {
	}

	@Override
	public List<byte @Nullable []> fetch(List<String> keys) {
		return Collections.nCopies(keys.size(), null);
	}

	@Override
	public List<Lease> lease(List<LeaseRequest> requests) {
		return requests.stream().map((request) -> lease(request.key())).toList();
	}

	private Lease lease(String key) {
		State state = this.states.compute(key, (ignored, old) -> {
			if (old != null && (!old.writers().isEmpty() || old.token() != null)) {
				return old;
			}
			return new State(UUID.randomUUID().toString(), Set.of());
		});
		return (state.token() != null) ? new Lease(Lease.State.GRANTED, null, state.token())
				: new Lease(Lease.State.FENCED, null, null);
	}

	@Override
	public CompletableFuture<Set<String>> fill(Collection<Fill> fills) {
		Set<String> refused = new HashSet<>();
		for (Fill fill : fills) {
			State state = this.states.get(fill.key());
			if (fill.value() != null && (state == null || !fill.token().equals(state.token()))) {
				refused.add(fill.key());
			}
		}
		return CompletableFuture.completedFuture(refused);
	}

	@Override
	public CompletableFuture<Void> begin(String writer, Collection<String> keys) {
		for (String key : keys) {
			this.states.compute(key, (ignored, old) -> {
				Set<String> writers = new HashSet<>((old != null) ? old.writers() : Set.of());
				writers.add(writer);
				return new State(null, writers);
			});
		}
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings) {
		for (Ending ending : endings) {
			this.states.computeIfPresent(ending.key(), (ignored, old) -> {
				Set<String> writers = new HashSet<>(old.writers());
				writers.remove(writer);
				return writers.isEmpty() ? null : new State(null, writers);
			});
		}
		return CompletableFuture.completedFuture(Set.of());
	}

	@Override
	public CompletableFuture<Void> invalidate(Collection<String> keys) {
		for (String key : keys) {
			this.states.computeIfPresent(key,
					(ignored, old) -> old.writers().isEmpty() ? null : new State(null, old.writers()));
		}
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public boolean trusted() {
		return this.onlyNode;
	}

	@Override
	public boolean answering() {
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
		this.states.clear();
	}

}
