package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.strates.cache.CoherentTier.Lease.State;
import org.jspecify.annotations.Nullable;

/**
 * A second tier in memory that several nodes share, whose messages can be held back and
 * lost, and which can be away.
 */
public final class SharedMemory {

	private static final CoherentTier.Listener DEAF = new CoherentTier.Listener() {

		@Override
		public void invalidated(Collection<String> keys) {
			// Nobody listens.
		}

		@Override
		public void landed(Collection<String> keys) {
			// Nobody listens.
		}

		@Override
		public void doubted() {
			// Nobody listens.
		}

	};

	private final Map<String, byte[]> values = new HashMap<>();

	private final Map<String, String> tokens = new HashMap<>();

	private final Map<String, Duration> lives = new HashMap<>();

	private final Map<String, Integer> leases = new HashMap<>();

	private final Map<String, Set<String>> writers = new HashMap<>();

	private final Set<String> overlapped = new HashSet<>();

	private final Map<String, String> holders = new HashMap<>();

	private final List<Node> nodes = new ArrayList<>();

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile boolean away;

	private volatile Runnable beforeFetch = () -> {
	};

	public synchronized CoherentTier newNode() {
		return node();
	}

	public synchronized Node node() {
		Node node = new Node();
		this.nodes.add(node);
		return node;
	}

	public void goAway() {
		this.away = true;
	}

	public void comeBack() {
		this.away = false;
	}

	/** Lets something happen after a node has asked, and before it is answered. */
	void beforeFetch(Runnable work) {
		this.beforeFetch = work;
	}

	/** Lets the time of all writers be over, who do not say any more what they wrote. */
	public synchronized void letFencesFall() {
		this.writers.clear();
		this.overlapped.clear();
	}

	public int fetches() {
		return this.fetches.get();
	}

	/** What it holds, byte by byte. */
	public synchronized List<String> texts() {
		return this.values.values().stream().map((bytes) -> new String(bytes, StandardCharsets.ISO_8859_1)).toList();
	}

	/** Changes what it holds behind the back of all nodes. */
	public synchronized void edit(UnaryOperator<String> change) {
		this.values.replaceAll((key, bytes) -> change.apply(new String(bytes, StandardCharsets.ISO_8859_1))
			.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** The keys that it holds values of. */
	public synchronized List<String> keys(String prefix) {
		return this.values.keySet().stream().filter((key) -> key.startsWith(prefix)).toList();
	}

	/** Copies what it holds of one key to where another is. */
	public synchronized void copy(String from, String to) {
		byte[] value = this.values.get(from);
		if (value == null) {
			throw new IllegalArgumentException("Nothing under " + from + ", but under " + this.values.keySet());
		}
		this.values.put(to, value);
	}

	synchronized byte @Nullable [] value(String key) {
		return this.values.get(key);
	}

	synchronized void put(String key, byte[] value) {
		this.values.put(key, value);
	}

	/** All that it holds. */
	synchronized List<Object> state() {
		return List.of(Map.copyOf(this.values), Map.copyOf(this.tokens), this.writers.toString(),
				Set.copyOf(this.overlapped), Map.copyOf(this.holders));
	}

	/** How long the token of a key may live that was leased last. */
	synchronized Duration life(String key) {
		return this.lives.getOrDefault(key, Duration.ZERO);
	}

	/** How often a token of a key was leased. */
	synchronized int leases(String key) {
		return this.leases.getOrDefault(key, 0);
	}

	synchronized boolean isFenced(String key) {
		return this.writers.containsKey(key);
	}

	private synchronized <T> CompletableFuture<T> later(Supplier<T> work) {
		if (this.away) {
			return CompletableFuture.failedFuture(new TierUnavailableException("Memory is away", null));
		}
		return CompletableFuture.completedFuture(work.get());
	}

	private synchronized <T> T now(Supplier<T> work) {
		if (this.away) {
			throw new TierUnavailableException("Memory is away", null);
		}
		return work.get();
	}

	private void tell(Node from, Collection<String> keys) {
		this.nodes.stream().filter((node) -> node != from).forEach((node) -> node.receive(List.copyOf(keys)));
	}

	/** The tier as one node sees it. */
	public final class Node implements CoherentTier {

		private final List<Collection<String>> held = new ArrayList<>();

		private @Nullable Listener listener;

		private boolean holding;

		private volatile boolean trusted = true;

		private volatile boolean late;

		private volatile @Nullable CompletableFuture<Void> slots;

		private volatile boolean split;

		public void hold() {
			this.holding = true;
		}

		/** Delivers what was held back. */
		public void release() {
			this.holding = false;
			this.held.forEach((keys) -> listener().invalidated(keys));
			this.held.clear();
		}

		/** Loses what was held back, and finds out. */
		void lose() {
			this.holding = false;
			this.held.clear();
			listener().doubted();
		}

		/** Lets fences go up after nobody waits for them any more. */
		void beLate(boolean answers) {
			this.late = answers;
		}

		void trust(boolean trusted) {
			this.trusted = trusted;
		}

		private Listener listener() {
			return (this.listener != null) ? this.listener : DEAF;
		}

		private void receive(Collection<String> keys) {
			if (this.holding) {
				this.held.add(keys);
			}
			else {
				listener().invalidated(keys);
			}
		}

		@Override
		public List<byte @Nullable []> fetch(List<String> keys) {
			SharedMemory.this.fetches.incrementAndGet();
			SharedMemory.this.beforeFetch.run();
			return now(() -> {
				List<byte @Nullable []> found = new ArrayList<>();
				keys.forEach((key) -> found.add(SharedMemory.this.values.get(key)));
				return found;
			});
		}

		@Override
		public Look look(String key) {
			return now(() -> new Look(SharedMemory.this.values.get(key), SharedMemory.this.tokens.get(key),
					SharedMemory.this.writers.containsKey(key)));
		}

		@Override
		public List<Lease> lease(List<LeaseRequest> requests) {
			return now(() -> requests.stream().map(this::lease).toList());
		}

		private Lease lease(LeaseRequest request) {
			String key = request.key();
			byte[] value = SharedMemory.this.values.get(key);
			if (value != null && !request.replace()) {
				return new Lease(State.PRESENT, value, null);
			}
			if (SharedMemory.this.writers.containsKey(key)) {
				SharedMemory.this.overlapped.add(key);
				return new Lease(State.FENCED, null, null);
			}
			if (request.exclusive()) {
				String holder = SharedMemory.this.holders.putIfAbsent(key, toString());
				if (holder != null && !holder.equals(toString())) {
					return new Lease(State.AWAITED, null, null);
				}
			}
			SharedMemory.this.lives.put(key, request.life());
			SharedMemory.this.leases.merge(key, 1, Integer::sum);
			return new Lease(State.GRANTED, null,
					SharedMemory.this.tokens.computeIfAbsent(key, (ignored) -> UUID.randomUUID().toString()));
		}

		@Override
		public CompletableFuture<Set<String>> fill(Collection<Fill> fills) {
			CompletableFuture<Set<String>> filled = later(() -> {
				Set<String> refused = new HashSet<>();
				for (Fill fill : fills) {
					SharedMemory.this.holders.remove(fill.key());
					if (fill.value() == null) {
						continue;
					}
					if (fill.token().equals(SharedMemory.this.tokens.get(fill.key()))) {
						SharedMemory.this.values.put(fill.key(), fill.value());
					}
					else {
						refused.add(fill.key());
					}
				}
				return refused;
			});
			List<String> keys = fills.stream().map(Fill::key).toList();
			List.copyOf(SharedMemory.this.nodes).forEach((node) -> node.listener().landed(keys));
			return filled;
		}

		@Override
		public CompletableFuture<Void> begin(String writer, Collection<String> keys) {
			CompletableFuture<Void> begun = later(() -> {
				for (String key : keys) {
					SharedMemory.this.values.remove(key);
					SharedMemory.this.tokens.remove(key);
					Set<String> present = SharedMemory.this.writers.computeIfAbsent(key, (ignored) -> new HashSet<>());
					present.add(writer);
					if (present.size() > 1) {
						SharedMemory.this.overlapped.add(key);
					}
				}
				return null;
			});
			if (!begun.isCompletedExceptionally()) {
				tell(this, keys);
			}
			return this.late ? CompletableFuture.failedFuture(new TierUnavailableException("Memory was late", null))
					: begun;
		}

		@Override
		public CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings) {
			return later(() -> {
				Set<String> refused = new HashSet<>();
				endings.forEach((ending) -> {
					if (!end(writer, ending) && ending.value() != null) {
						refused.add(ending.key());
					}
				});
				return refused;
			});
		}

		private boolean end(String writer, Ending ending) {
			String key = ending.key();
			Set<String> present = SharedMemory.this.writers.getOrDefault(key, new HashSet<>());
			boolean sole = present.remove(writer) && present.isEmpty() && !SharedMemory.this.overlapped.contains(key);
			if (present.isEmpty()) {
				SharedMemory.this.writers.remove(key);
				SharedMemory.this.overlapped.remove(key);
			}
			if (sole && ending.value() != null) {
				SharedMemory.this.values.put(key, ending.value());
			}
			return sole;
		}

		/**
		 * Lets all keys of an invalidation but the first wait for what is returned, as
		 * those in other slots of a Cluster may.
		 */
		CompletableFuture<Void> splitInvalidations() {
			CompletableFuture<Void> waiting = new CompletableFuture<>();
			this.slots = waiting;
			return waiting;
		}

		boolean hasSplit() {
			return this.split;
		}

		@Override
		public CompletableFuture<Void> invalidate(Collection<String> keys) {
			CompletableFuture<Void> waiting = this.slots;
			if (waiting == null || keys.size() < 2) {
				return invalidateAtOnce(keys);
			}
			List<String> all = List.copyOf(keys);
			CompletableFuture<Void> first = invalidateAtOnce(all.subList(0, 1));
			this.split = true;
			return first.thenCombine(waiting, (one, other) -> one)
				.thenCompose((done) -> invalidateAtOnce(all.subList(1, all.size())));
		}

		private CompletableFuture<Void> invalidateAtOnce(Collection<String> keys) {
			CompletableFuture<Void> done = later(() -> {
				keys.forEach((key) -> {
					SharedMemory.this.values.remove(key);
					SharedMemory.this.tokens.remove(key);
				});
				return null;
			});
			if (!done.isCompletedExceptionally()) {
				tell(this, keys);
			}
			return done;
		}

		@Override
		public boolean trusted() {
			return this.trusted;
		}

		@Override
		public boolean answering() {
			return !SharedMemory.this.away;
		}

		@Override
		public void listen(Listener listener) {
			this.listener = listener;
		}

		@Override
		public ChannelStatistics channel() {
			return new ChannelStatistics(this.trusted, 0, null, null, 0, "none");
		}

		@Override
		public void close() {
			this.listener = null;
		}

	}

}
