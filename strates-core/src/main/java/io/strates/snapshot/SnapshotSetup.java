package io.strates.snapshot;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link SnapshotBuilder}. A wrong value is refused by the method that sets it,
 * sources that do not go together by {@link #create()}. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class SnapshotSetup {

	private final List<Source<?>> sources;

	private final Map<ResourceKey<?>, Freshness> byKey = new HashMap<>();

	private final Map<ResourceType<?>, Freshness> byType = new HashMap<>();

	private final Map<Class<?>, UnaryOperator<Object>> copiers = new HashMap<>();

	private final Set<Class<?>> immutable = new HashSet<>();

	private Freshness freshness = Freshness.of(Duration.ofSeconds(1), Duration.ofSeconds(10));

	private @Nullable FreshnessResolver dynamic;

	private AuthorityResolver authority = (key, source) -> 0;

	private int maxConcurrency = 8;

	private @Nullable Integer maxPending;

	private long maximumEntries = 10_000;

	private Duration futureTolerance = Duration.ofSeconds(1);

	private boolean rejectFuture = true;

	private Duration refreshLimit = Duration.ofSeconds(30);

	private InstantSource clock = InstantSource.system();

	private LongSupplier nanos = System::nanoTime;

	private @Nullable Alarms alarms;

	private BiFunction<Long, Function<ResourceKey<?>, Freshness>, Revisions> cache = Revisions::new;

	private RandomGenerator random = new SharedRandom();

	SnapshotSetup(Collection<? extends Source<?>> sources) {
		this.sources = List.copyOf(sources);
	}

	/** A generator that all threads may use. */
	private static final class SharedRandom implements RandomGenerator {

		@Override
		public long nextLong() {
			return ThreadLocalRandom.current().nextLong();
		}

	}

	/**
	 * Sets for how long values may be used again that nothing else is said of; one
	 * second, and ten if the sources fail, by default.
	 * @param standard the policy
	 * @return this setup
	 */
	public SnapshotSetup freshness(Freshness standard) {
		this.freshness = standard;
		return this;
	}

	/**
	 * Sets for how long values of a type may be used again.
	 * @param type the type
	 * @param policy the policy
	 * @return this setup
	 */
	public SnapshotSetup freshness(ResourceType<?> type, Freshness policy) {
		this.byType.put(type, policy);
		return this;
	}

	/**
	 * Sets for how long the values of a resource may be used again.
	 * @param key the resource
	 * @param policy the policy
	 * @return this setup
	 */
	public SnapshotSetup freshness(ResourceKey<?> key, Freshness policy) {
		this.byKey.put(key, policy);
		return this;
	}

	/**
	 * Sets what decides for resources that nothing is said of by key.
	 * @param resolver decides
	 * @return this setup
	 */
	public SnapshotSetup freshness(FreshnessResolver resolver) {
		this.dynamic = resolver;
		return this;
	}

	/**
	 * Sets how far sources are trusted; all alike by default.
	 * @param resolver decides
	 * @return this setup
	 */
	public SnapshotSetup authority(AuthorityResolver resolver) {
		this.authority = resolver;
		return this;
	}

	/**
	 * Sets how many calls of all sources together run at the same time; eight by default.
	 * @param limit the number of calls
	 * @return this setup
	 * @throws IllegalArgumentException if it is less than one
	 */
	public SnapshotSetup maxConcurrency(int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("maxConcurrency is " + limit + "; set one or more");
		}
		this.maxConcurrency = limit;
		return this;
	}

	/**
	 * Sets how many calls of one source wait for a slot or run; others stay behind them.
	 * As many as may run by default.
	 * @param limit the number of calls
	 * @return this setup
	 * @throws IllegalArgumentException if it is less than one
	 */
	public SnapshotSetup maxPending(int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("maxPending is " + limit + "; set one or more");
		}
		this.maxPending = limit;
		return this;
	}

	/**
	 * Sets how many values are kept; 10,000 by default.
	 * @param maximum the number of values, {@link Long#MAX_VALUE} for no limit
	 * @return this setup
	 * @throws IllegalArgumentException if it is less than one
	 */
	public SnapshotSetup maximumEntries(long maximum) {
		if (maximum < 1) {
			throw new IllegalArgumentException("maximumEntries is " + maximum + "; set one or more");
		}
		this.maximumEntries = maximum;
		return this;
	}

	/**
	 * Sets how values of a class are copied, for classes whose objects can be changed.
	 * Values are copied on their way in, and for each reader.
	 * @param type the class
	 * @param copier returns a copy that shares nothing that can be changed
	 * @param <T> the type of the values
	 * @return this setup
	 */
	@SuppressWarnings("unchecked") // a copier is given values of its class only
	public <T> SnapshotSetup copier(Class<T> type, UnaryOperator<T> copier) {
		this.copiers.put(type, (UnaryOperator<Object>) copier);
		return this;
	}

	/**
	 * Declares classes whose objects nobody changes.
	 * @param types the classes
	 * @return this setup
	 */
	public SnapshotSetup immutable(Class<?>... types) {
		this.immutable.addAll(List.of(types));
		return this;
	}

	/**
	 * Sets how far the clocks of sources may be ahead; one second by default.
	 * @param tolerance the time
	 * @return this setup
	 * @throws IllegalArgumentException if it is negative
	 */
	public SnapshotSetup futureTolerance(Duration tolerance) {
		if (tolerance.isNegative()) {
			throw new IllegalArgumentException("futureTolerance is " + tolerance + "; set zero or more");
		}
		this.futureTolerance = tolerance;
		return this;
	}

	/**
	 * Takes values from the future as if they were observed now.
	 * @return this setup
	 */
	public SnapshotSetup acceptFutureObservations() {
		this.rejectFuture = false;
		return this;
	}

	/**
	 * Sets how long values may take that are read anew in the background; 30 seconds by
	 * default.
	 * @param limit the time
	 * @return this setup
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SnapshotSetup refreshLimit(Duration limit) {
		if (limit.isNegative() || limit.isZero()) {
			throw new IllegalArgumentException("refreshLimit is " + limit + "; set a positive duration");
		}
		this.refreshLimit = limit;
		return this;
	}

	/**
	 * Sets the clocks, for tests.
	 * @param wall tells when values were observed; read once
	 * @param monotonic tells how much time has passed, in nanoseconds
	 * @return this setup
	 */
	public SnapshotSetup clock(InstantSource wall, LongSupplier monotonic) {
		this.clock = wall;
		this.nanos = monotonic;
		return this;
	}

	SnapshotSetup alarms(Alarms clockwork) {
		this.alarms = clockwork;
		return this;
	}

	SnapshotSetup cache(BiFunction<Long, Function<ResourceKey<?>, Freshness>, Revisions> revisions) {
		this.cache = revisions;
		return this;
	}

	/**
	 * Creates the builder.
	 * @return the builder, to be closed
	 * @throws IllegalArgumentException if there are no sources, one has no name, or two
	 * have the same
	 */
	public SnapshotBuilder create() {
		if (this.sources.isEmpty()) {
			throw new IllegalArgumentException("A builder of snapshots has no sources; give it one or more");
		}
		Set<String> names = new HashSet<>();
		List<SourceHandle> handles = new ArrayList<>();
		int window = (this.maxPending != null) ? this.maxPending : this.maxConcurrency;
		for (Source<?> source : this.sources) {
			if (source.name().isBlank()) {
				throw new IllegalArgumentException("A source of " + source.type() + " has a blank name; name it");
			}
			if (!names.add(source.name())) {
				throw new IllegalArgumentException(
						"Two sources are named '" + source.name() + "'; name one of them otherwise");
			}
			checkTransport(source);
			handles.add(new SourceHandle(source, source.options(), window));
		}
		return new DefaultSnapshotBuilder(handles, this);
	}

	private static void checkTransport(Source<?> source) {
		Duration transport = source.options().transportTimeout();
		Duration timeout = source.options().timeout();
		if (transport != null && timeout != null && transport.compareTo(timeout) >= 0) {
			throw new IllegalArgumentException("The transport timeout of source '" + source.name() + "' is " + transport
					+ " and not shorter than its timeout, " + timeout + "; shorten it");
		}
	}

	EngineRules rules() {
		return new EngineRules(this.freshness, this.byKey, this.byType, this.dynamic, this.authority,
				this.futureTolerance, this.rejectFuture, this.refreshLimit);
	}

	Isolation isolation() {
		return new Isolation(this.copiers, this.immutable);
	}

	int maxConcurrency() {
		return this.maxConcurrency;
	}

	Revisions revisions(EngineRules rules) {
		return this.cache.apply(this.maximumEntries, rules::freshness);
	}

	SnapshotTime time() {
		return new SnapshotTime(this.clock, this.nanos);
	}

	@Nullable Alarms alarms() {
		return this.alarms;
	}

	RandomGenerator random() {
		return this.random;
	}

}
