package io.strates.cache.spring;

import java.lang.reflect.Type;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.cache.CacheInspection;
import io.strates.cache.CacheSettings;
import io.strates.cache.CodecFactory;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Tiers;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Spring's caches on the tiers: {@code @Cacheable} methods answer from the memory of the
 * node and from the second tier, and no node keeps what another has evicted.
 *
 * <p>
 * <b>Consistency:</b> what a method answers is kept only if its key was neither evicted
 * nor put since the method was called, on any node. A {@code @CachePut} outside a
 * transaction is as new as the moment at which the method returns: of two that run at the
 * same time the later to end wins, or nothing is kept. A method that is called inside a
 * transaction above READ COMMITTED may see what is no longer true, and one below what
 * never was, so that its answer is not kept. An entity that the persistence context of
 * such a transaction had loaded before is not read again; answer with records.
 * <b>Atomicity:</b> inside a transaction, keys are fenced when they are evicted or put:
 * from then on no node keeps what it reads of them, the transaction itself no longer sees
 * them in the cache, and the commit waits until all fences stand. What is put, and what
 * methods answer, is in the caches after the commit, and nothing of it after a rollback.
 * A process that dies in between leaves no old value behind. A cache that is cleared is
 * cleared after the commit. (Spring's {@code TransactionAwareCacheDecorator} begins to
 * evict after the commit: until then all read the old value from the cache, the
 * transaction too, what is read meanwhile is kept, and who dies in between never evicts.)
 * <b>Isolation:</b> values that cannot change are shared by all callers; of all others
 * each caller gets its own, made from bytes. For this, and for the second tier, the type
 * must be known: it is declared, or it is what the {@code @Cacheable} methods of the
 * cache answer. Without a type, values that cannot change are kept in memory, and others
 * refused. <b>Concurrency:</b> thread-safe. With {@code sync = true} one call is made per
 * key; only there can a value be refreshed ahead of its time, or served while the method
 * fails, and then the method runs in a thread of the tiers. A method that answers a
 * future or a publisher, and that memory has no answer of, is called by a thread of the
 * manager; the caller does not wait. <b>Failures:</b> an {@link IllegalArgumentException}
 * for a key without a text that is the same on all nodes, and for a value of which
 * callers cannot be given their own.
 *
 * @since 0.1.0
 */
public final class TieredCacheManager implements CacheManager, AutoCloseable {

	private static final int MOST_RIGHTS = 10_000;

	private static final Duration LIFE_OF_RIGHTS = Duration.ofMinutes(1);

	private static final int THREADS = 16;

	private static final List<Integer> LEVELS = List.of(Connection.TRANSACTION_NONE,
			Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED,
			Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE);

	private final Tiers tiers;

	private final @Nullable CodecFactory codecs;

	private final CacheSettings defaults;

	private final Map<String, CacheSettings> settings;

	private final Map<String, List<Type>> types;

	private final Supplier<? extends Map<String, ? extends Collection<? extends Type>>> found;

	private final @Nullable Set<String> names;

	private final boolean allowNullValues;

	private final NamedCache.Shared shared;

	private final ThreadPoolExecutor threads;

	private final Map<String, NamedCache> caches = new ConcurrentHashMap<>();

	private TieredCacheManager(Builder builder) {
		this.tiers = builder.tiers;
		this.codecs = builder.codecs;
		this.defaults = builder.defaults;
		this.settings = Map.copyOf(builder.settings);
		this.types = Map.copyOf(builder.types);
		this.found = new Once<>(builder.found);
		this.names = (builder.names != null) ? Set.copyOf(builder.names) : null;
		this.allowNullValues = builder.allowNullValues;
		this.threads = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, "strates-cache-retrieve");
					thread.setDaemon(true);
					return thread;
				});
		this.threads.allowCoreThreadTimeOut(true);
		this.shared = shared(builder, this.threads);
	}

	private static NamedCache.Shared shared(Builder builder, Executor executor) {
		return new NamedCache.Shared(Caffeine.newBuilder()
			.maximumSize(MOST_RIGHTS)
			.expireAfterWrite(LIFE_OF_RIGHTS)
			.ticker(builder.nanos::getAsLong)
			.executor(Runnable::run)
			.<FillRight, Boolean>evictionListener((right, held, cause) -> {
				if (right != null) {
					right.end();
				}
			})
			.build(), CommitWork.memory(), executor, builder.defaultIsolation);
	}

	/** Finds something once, when it is asked for. */
	private static final class Once<T> implements Supplier<T> {

		private final Supplier<? extends T> source;

		private @Nullable T found;

		Once(Supplier<? extends T> source) {
			this.source = source;
		}

		@Override
		public synchronized T get() {
			T known = this.found;
			if (known == null) {
				known = this.source.get();
				this.found = known;
			}
			return known;
		}

	}

	/**
	 * Starts with caches that are made when they are asked for.
	 * @param tiers where their values are
	 * @param codecs writes values that are not shared, or go to the second tier;
	 * {@code null} for caches that hold in memory what cannot change
	 * @return the builder
	 */
	public static Builder builder(Tiers tiers, @Nullable CodecFactory codecs) {
		return new Builder(tiers, codecs);
	}

	/**
	 * Returns one use of a cache. Its gets and puts belong together: a put that follows a
	 * vain get of the same key in the same thread keeps what was computed in between, if
	 * nobody has written since; any other put is a write.
	 * @param name the name of the cache
	 * @return the cache, or {@code null} if the names are fixed and this is none of them
	 */
	@Override
	public @Nullable Cache getCache(String name) {
		NamedCache cache = this.caches.get(name);
		if (cache == null && (this.names == null || this.names.contains(name))) {
			cache = this.caches.computeIfAbsent(name, this::made);
		}
		return (cache != null) ? new TieredCache(cache, this.allowNullValues) : null;
	}

	private NamedCache made(String name) {
		CacheSettings own = this.settings.getOrDefault(name, this.defaults);
		Collection<? extends Type> declared = this.types.getOrDefault(name, List.of());
		if (declared.isEmpty()) {
			Collection<? extends Type> methods = this.found.get().get(name);
			declared = (methods != null) ? methods : List.of();
		}
		ValueTypes values = new ValueTypes(name, declared, this.tiers, this.codecs);
		CoherentCacheSpec<String, Held> spec = CoherentCacheSpec.of(tierName(name), (text) -> text,
				(this.codecs != null) ? values : null, own);
		return new NamedCache(name, this.tiers.coherent(spec), values, !own.absentTimeToLive().isZero(), this.shared);
	}

	@Override
	public Collection<String> getCacheNames() {
		Set<String> all = new TreeSet<>(this.caches.keySet());
		all.addAll((this.names != null) ? this.names : this.settings.keySet());
		return List.copyOf(all);
	}

	/**
	 * Returns what operators ask of the caches that were made so far. A key is what a
	 * person writes for it: {@code chf} for a text, {@code 7} for a number of any type,
	 * or the text that the key has in the second tier. If more than one key is written
	 * so, the first that a tier knows is explained, and all are forgotten.
	 * @return the inspections by the names that the caches have in the tiers
	 */
	public Map<String, CacheInspection> inspections() {
		Map<String, CacheInspection> inspections = new TreeMap<>();
		this.caches.values().forEach((cache) -> inspections.put(tierName(cache.name()), new NamedInspection(cache)));
		return inspections;
	}

	private static String tierName(String name) {
		return "spring/" + name;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	/**
	 * Says what caches are like.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Tiers tiers;

		private final @Nullable CodecFactory codecs;

		private final Map<String, CacheSettings> settings = new LinkedHashMap<>();

		private final Map<String, List<Type>> types = new LinkedHashMap<>();

		private CacheSettings defaults = CacheSettings.DEFAULT;

		private Supplier<? extends Map<String, ? extends Collection<? extends Type>>> found = Map::of;

		private @Nullable Set<String> names;

		private boolean allowNullValues = true;

		private int defaultIsolation = Connection.TRANSACTION_READ_COMMITTED;

		private LongSupplier nanos = System::nanoTime;

		private Builder(Tiers tiers, @Nullable CodecFactory codecs) {
			this.tiers = tiers;
			this.codecs = codecs;
		}

		/**
		 * Sets how long and how much caches keep that have no settings of their own.
		 * @param settings the settings
		 * @return this builder
		 */
		public Builder defaults(CacheSettings settings) {
			this.defaults = settings;
			return this;
		}

		/**
		 * Sets how long and how much a cache keeps. If it has a time to live for what is
		 * absent, that is the one of {@code null}, which is else kept as any value.
		 * @param name the name of the cache
		 * @param settings the settings
		 * @return this builder
		 * @throws IllegalArgumentException if they are set already
		 */
		public Builder cache(String name, CacheSettings settings) {
			if (this.settings.putIfAbsent(name, settings) != null) {
				throw new IllegalArgumentException(
						"The settings of cache '" + name + "' are set already; set them once");
			}
			return this;
		}

		/**
		 * Declares what a cache holds, in place of what its methods answer.
		 * @param name the name of the cache
		 * @param types the types of its values
		 * @return this builder
		 */
		public Builder type(String name, Type... types) {
			this.types.put(name, List.copyOf(new LinkedHashSet<>(Arrays.asList(types))));
			return this;
		}

		/**
		 * Sets what finds out what caches hold, if that is not declared.
		 * @param types the types of the values by the name of the cache, asked for when
		 * the first cache is made
		 * @return this builder
		 */
		public Builder types(Supplier<? extends Map<String, ? extends Collection<? extends Type>>> types) {
			this.found = types;
			return this;
		}

		/**
		 * Fixes the names: there are no other caches.
		 * @param names the names
		 * @return this builder
		 */
		public Builder names(Collection<String> names) {
			this.names = new HashSet<>(names);
			return this;
		}

		/**
		 * Sets whether it is kept that a method answered {@code null}; if not, that is
		 * refused.
		 * @param allow whether {@code null} is a value
		 * @return this builder
		 */
		public Builder allowNullValues(boolean allow) {
			this.allowNullValues = allow;
			return this;
		}

		/**
		 * Sets which isolation transactions have that do not say. PostgreSQL's is READ
		 * COMMITTED, MySQL's REPEATABLE READ.
		 * @param level one of the levels of {@link Connection}
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder defaultIsolation(int level) {
			if (!LEVELS.contains(level)) {
				throw new IllegalArgumentException(
						"Isolation level " + level + " is none of those of java.sql.Connection: " + LEVELS);
			}
			this.defaultIsolation = level;
			return this;
		}

		/**
		 * Sets what the time is measured with for which a call of a method may take to be
		 * kept, which is a minute.
		 * @param ticker nanoseconds since any moment
		 * @return this builder
		 */
		public Builder ticker(LongSupplier ticker) {
			this.nanos = ticker;
			return this;
		}

		/**
		 * Makes the manager.
		 * @return the manager
		 */
		public TieredCacheManager build() {
			return new TieredCacheManager(this);
		}

	}

}
