package io.strates.cache;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import io.strates.internal.Freezer;
import org.jspecify.annotations.Nullable;

/**
 * The tiers of one application, and the caches that it has on them.
 *
 * <p>
 * <b>Concurrency:</b> thread-safe; threads of its own, which do not keep the process
 * alive, load in the background and tell the second tier what it has yet to hear.
 * <b>Lifecycle:</b> made once per application; closing it ends them and closes the second
 * tier, and caches must not be used afterwards.
 *
 * @since 0.1.0
 */
public final class Tiers implements AutoCloseable {

	private final String namespace;

	private final @Nullable RemoteTier remote;

	private final @Nullable FetchCoalescer single;

	private final @Nullable CodecFactory codecs;

	private final Set<Class<?>> immutable;

	private final Map<String, ImmutableCache<?, ?>> caches = new ConcurrentHashMap<>();

	private final Map<String, CoherentCache<?, ?>> coherent = new ConcurrentHashMap<>();

	private final List<Consumer<String>> observers = new CopyOnWriteArrayList<>();

	private final CoherentTier coherentTier;

	private final CoherentNode node;

	private final ScheduledExecutorService scheduler;

	private final ExecutorService background;

	private Tiers(Builder builder) {
		this.namespace = builder.namespace;
		this.remote = builder.remote;
		this.codecs = builder.codecs;
		this.single = (builder.remote != null) ? new FetchCoalescer(builder.remote::fetch) : null;
		this.immutable = Set.copyOf(builder.immutable);
		this.coherentTier = (builder.coherent != null) ? builder.coherent : new LocalTier(builder.onlyNode);
		this.scheduler = Executors.newSingleThreadScheduledExecutor((task) -> daemon(task, "strates-cache"));
		this.background = Executors.newCachedThreadPool((task) -> daemon(task, "strates-cache-load"));
		this.node = new CoherentNode(this.coherentTier, this.background, this.scheduler, builder.nanos);
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Starts with L1 alone.
	 * @param namespace keeps applications on the same second tier apart
	 * @return the builder
	 */
	public static Builder builder(String namespace) {
		return new Builder(namespace);
	}

	/**
	 * Makes a cache.
	 * @param spec what it is to be like
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @return the cache
	 * @throws IllegalArgumentException if values of the type could change, or there is a
	 * cache of that name
	 */
	public <K, V> ImmutableCache<K, V> immutable(ImmutableCacheSpec<K, V> spec) {
		UnaryOperator<Object> freezer = Freezer.of("Cache '" + spec.name() + "'", spec.valueType(), this.immutable);
		return add(spec, remote(spec, (codecs) -> codecs.codec(spec.valueType())), freezer);
	}

	/**
	 * Makes a cache of values that never change, which the caller vouches for, with a
	 * codec of their own.
	 * @param spec what it is to be like
	 * @param codec makes the codec, if there is a second tier; where it returns
	 * {@code null}, values are in memory only
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @return the cache
	 * @throws IllegalArgumentException if there is a cache of that name
	 */
	public <K, V> ImmutableCache<K, V> immutable(ImmutableCacheSpec<K, V> spec,
			Function<CodecFactory, @Nullable ValueCodec<V>> codec) {
		return add(spec, remote(spec, codec), UnaryOperator.identity());
	}

	private <K, V> ImmutableCache<K, V> add(ImmutableCacheSpec<K, V> spec, @Nullable RemoteValues<V> remote,
			UnaryOperator<Object> freezer) {
		ImmutableCache<K, V> cache = new DefaultImmutableCache<>(spec, remote, freezer);
		if (this.caches.putIfAbsent(spec.name(), cache) != null) {
			throw new IllegalArgumentException(
					"There is a cache '" + spec.name() + "' already; give each a name of its own");
		}
		return cache;
	}

	/**
	 * Makes a cache of values that change.
	 * @param spec what it is to be like
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @return the cache
	 * @throws IllegalArgumentException if there is a cache of that name
	 */
	public <K, V> CoherentCache<K, V> coherent(CoherentCacheSpec<K, V> spec) {
		DefaultCoherentCache<K, V> cache = new DefaultCoherentCache<>(spec, this.node);
		if (!this.node.add(spec.name(), cache)) {
			throw new IllegalArgumentException(
					"There is a coherent cache '" + spec.name() + "' already; give each a name of its own");
		}
		this.coherent.put(spec.name(), cache);
		this.observers.forEach((observer) -> observer.accept(spec.name()));
		return cache;
	}

	/**
	 * Adds an observer of coherent caches.
	 * @param observer told the names of those that there are and, by the thread that
	 * makes it, of each that is made later; it may be told of one twice
	 */
	public void observe(Consumer<String> observer) {
		this.observers.add(observer);
		this.coherent.keySet().forEach(observer);
	}

	/**
	 * Returns the coherent caches by their names.
	 * @return the caches
	 */
	public Map<String, CoherentCache<?, ?>> coherentCaches() {
		return Map.copyOf(this.coherent);
	}

	/**
	 * Returns how the channel does on which the nodes tell each other what they write.
	 * @return its state at this moment
	 */
	public ChannelStatistics channel() {
		return this.coherentTier.channel();
	}

	/**
	 * Returns what makes values of a type safe to share.
	 * @param type the type
	 * @return the function, which returns its argument where nothing can change, or
	 * {@code null} if values of the type can change
	 */
	public @Nullable UnaryOperator<Object> freezer(Type type) {
		try {
			return Freezer.of("A cache", type, this.immutable);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Returns how many keys the second tier has yet to be told of, since it was away when
	 * they were written. While there are any, coherent caches of this node do not read
	 * from it.
	 * @return the number of keys of all coherent caches of this node
	 */
	public int debts() {
		return this.node.debts().size();
	}

	/**
	 * Returns whether coherent caches have a second tier that is worth asking.
	 * @return whether it answers, as far as is known
	 */
	public boolean answering() {
		return this.coherentTier.keepsValues() && this.coherentTier.answering();
	}

	private <V> @Nullable RemoteValues<V> remote(ImmutableCacheSpec<?, V> spec,
			Function<CodecFactory, @Nullable ValueCodec<V>> factory) {
		if (this.remote == null || this.codecs == null || this.single == null) {
			return null;
		}
		ValueCodec<V> codec = factory.apply(this.codecs);
		return (codec != null) ? new RemoteValues<>(prefix(spec.name() + "@" + codec.fingerprint()), this.remote,
				this.single, codec, spec.remoteTimeToLive()) : null;
	}

	private String prefix(String name) {
		return this.namespace + ":" + CacheKeys.join("i", name) + ":";
	}

	/**
	 * Returns what each cache of values that never change did so far.
	 * @return the statistics of this node
	 */
	public List<CacheStatistics> statistics() {
		return this.caches.values().stream().map(ImmutableCache::statistics).toList();
	}

	/**
	 * Returns what a cache of values that never change did so far.
	 * @param name the name of the cache
	 * @return the statistics of this node
	 * @throws IllegalArgumentException if there is no cache of that name
	 */
	public CacheStatistics statistics(String name) {
		ImmutableCache<?, ?> cache = this.caches.get(name);
		if (cache == null) {
			throw new IllegalArgumentException(
					"There is no cache '" + name + "'; there are " + new TreeSet<>(this.caches.keySet()));
		}
		return cache.statistics();
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
		this.background.shutdownNow();
		this.coherentTier.close();
		if (this.remote != null) {
			this.remote.close();
		}
	}

	/**
	 * Puts tiers together.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String namespace;

		private final Set<Class<?>> immutable = new HashSet<>();

		private @Nullable RemoteTier remote;

		private @Nullable CodecFactory codecs;

		private @Nullable CoherentTier coherent;

		private boolean onlyNode;

		private LongSupplier nanos = System::nanoTime;

		private Builder(String namespace) {
			if (namespace.isBlank()) {
				throw new IllegalArgumentException(
						"The namespace of the tiers is blank; take the application's name, which no other on the same"
								+ " second tier has");
			}
			this.namespace = namespace;
		}

		/**
		 * Adds the second tier of values that never change.
		 * @param tier the tier; closed with the tiers
		 * @param codecs makes the codecs of what it holds
		 * @return this builder
		 * @throws IllegalStateException if there is one already
		 */
		public Builder remote(RemoteTier tier, CodecFactory codecs) {
			if (this.remote != null) {
				throw new IllegalStateException("There is a second tier already: " + this.remote + "; add one");
			}
			this.remote = tier;
			this.codecs = codecs;
			return this;
		}

		/**
		 * Adds the second tier of values that change.
		 * @param tier the tier; closed with the tiers
		 * @return this builder
		 * @throws IllegalStateException if there is one already
		 */
		public Builder coherent(CoherentTier tier) {
			if (this.coherent != null) {
				throw new IllegalStateException("There is a coherent tier already: " + this.coherent + "; add one");
			}
			this.coherent = tier;
			return this;
		}

		/**
		 * Declares that no other node writes what this one caches, so that memory can be
		 * relied on without a second tier.
		 * @return this builder
		 */
		public Builder onlyNode() {
			this.onlyNode = true;
			return this;
		}

		/**
		 * Sets what times to live are measured with.
		 * @param ticker nanoseconds since any moment
		 * @return this builder
		 */
		public Builder ticker(LongSupplier ticker) {
			this.nanos = ticker;
			return this;
		}

		/**
		 * Declares types whose values never change, so that callers may share them.
		 * @param types the types
		 * @return this builder
		 */
		public Builder immutable(Collection<Class<?>> types) {
			this.immutable.addAll(types);
			return this;
		}

		/**
		 * Puts the tiers together.
		 * @return the tiers
		 */
		public Tiers build() {
			return new Tiers(this);
		}

	}

}
