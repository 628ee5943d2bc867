package io.strates.snapshot;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What a builder is doing at one moment, and what it has counted since it was created.
 * Taking it asks no source. Immutable.
 *
 * @since 0.1.0
 */
public final class BuilderHealth {

	/** The name of the shape of {@link #toMap(HealthAssessment)}. */
	public static final String SCHEMA = "strates.builder-health";

	/** The version of that shape. */
	public static final int SCHEMA_VERSION = 1;

	private final boolean closed;

	private final boolean shutdownIncomplete;

	private final int backgroundRefreshes;

	private final int flights;

	private final int runningCalls;

	private final int pendingPublications;

	private final int maxPendingPublications;

	private final Map<String, CapacityState> capacity;

	private final @Nullable CacheState cache;

	private final Map<String, Circuit> circuits;

	private final Map<String, SourceTimeouts> sourceTimeouts;

	private final Map<String, Long> transportTimeoutViolations;

	private final Map<Counter, Long> counts;

	private BuilderHealth(Builder builder) {
		this.closed = builder.closed;
		this.shutdownIncomplete = builder.shutdownIncomplete;
		this.backgroundRefreshes = builder.backgroundRefreshes;
		this.flights = builder.flights;
		this.runningCalls = builder.runningCalls;
		this.pendingPublications = builder.pendingPublications;
		this.maxPendingPublications = builder.maxPendingPublications;
		this.capacity = Collections.unmodifiableMap(new TreeMap<>(builder.capacity));
		this.cache = builder.cache;
		this.circuits = Collections.unmodifiableMap(new TreeMap<>(builder.circuits));
		this.sourceTimeouts = Collections.unmodifiableMap(new TreeMap<>(builder.sourceTimeouts));
		this.transportTimeoutViolations = Collections
			.unmodifiableMap(new TreeMap<>(builder.transportTimeoutViolations));
		this.counts = new EnumMap<>(builder.counts);
		this.counts.put(Counter.SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT,
				this.transportTimeoutViolations.values().stream().mapToLong(Long::longValue).sum());
	}

	static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns whether the builder is closed.
	 * @return whether it is
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Returns whether the builder was closed and calls of sources still run.
	 * @return whether closing has not waited for them to end
	 */
	public boolean isShutdownIncomplete() {
		return this.shutdownIncomplete;
	}

	/**
	 * Returns how many resources are being read anew in the background.
	 * @return the number of keys
	 */
	public int backgroundRefreshes() {
		return this.backgroundRefreshes;
	}

	/**
	 * Returns how many resources are being read, and can be joined by others.
	 * @return the number of keys
	 */
	public int flights() {
		return this.flights;
	}

	/**
	 * Returns how many calls of sources run, those included that nobody waits for any
	 * more.
	 * @return the number of calls
	 */
	public int runningCalls() {
		return this.runningCalls;
	}

	/**
	 * Returns how many calls of sources wait for their turn.
	 * @return the sum over all limits
	 */
	public int waitingForCapacity() {
		return this.capacity.values().stream().mapToInt(CapacityState::waiting).sum();
	}

	/**
	 * Returns how many publications wait.
	 * @return the number
	 */
	public int pendingPublications() {
		return this.pendingPublications;
	}

	/**
	 * Returns how many publications may wait.
	 * @return the limit
	 */
	public int maxPendingPublications() {
		return this.maxPendingPublications;
	}

	/**
	 * Returns how much of each limit of calls is in use.
	 * @return the limit of all calls, and those of single sources by name
	 */
	public Map<String, CapacityState> capacity() {
		return this.capacity;
	}

	/**
	 * Returns what the cache has done.
	 * @return the counts, or {@code null} if it does not tell
	 */
	public @Nullable CacheState cache() {
		return this.cache;
	}

	/**
	 * Returns the circuits that are known at the moment.
	 * @return each by its name, such as {@code rest[source]}
	 */
	public Map<String, Circuit> circuits() {
		return this.circuits;
	}

	/**
	 * Returns how long the calls of each source can take.
	 * @return what is known, by name of the source
	 */
	public Map<String, SourceTimeouts> sourceTimeouts() {
		return this.sourceTimeouts;
	}

	/**
	 * Returns how often a call took longer than the transport of its source was to allow.
	 * @return the number of calls by name of the source
	 */
	public Map<String, Long> transportTimeoutViolations() {
		return this.transportTimeoutViolations;
	}

	/**
	 * Returns one of the counts.
	 * @param counter which one
	 * @return the number since the builder was created
	 */
	public long count(Counter counter) {
		return this.counts.getOrDefault(counter, 0L);
	}

	/** Returns the sources whose transport gives up too late, in order. */
	List<String> unsafeSources() {
		return this.sourceTimeouts.entrySet()
			.stream()
			.filter((each) -> each.getValue().status() == SourceTimeouts.Status.UNSAFE)
			.map(Map.Entry::getKey)
			.toList();
	}

	private long sources(SourceTimeouts.Status status) {
		return this.sourceTimeouts.values().stream().filter((each) -> each.status() == status).count();
	}

	/**
	 * Assesses this state by itself, with the default thresholds.
	 * @return the assessment; counts do not matter to it
	 */
	public HealthAssessment assess() {
		return assess(null, HealthThresholds.defaults());
	}

	/**
	 * Assesses this state.
	 * @param previous an earlier state of the same builder, with which the counts are
	 * compared, or {@code null} if they do not matter
	 * @param thresholds what is degraded, and what critical
	 * @return the assessment
	 */
	public HealthAssessment assess(@Nullable BuilderHealth previous, HealthThresholds thresholds) {
		return HealthRules.assess(this, previous, thresholds);
	}

	/**
	 * Returns this state as a document of the shape {@value #SCHEMA}.
	 * @param assessment what is thought of it, or {@code null} to leave that out
	 * @return texts, numbers, truth values, lists and maps by name, in a fixed order
	 */
	public Map<String, @Nullable Object> toMap(@Nullable HealthAssessment assessment) {
		Documents document = Documents.document(SCHEMA, SCHEMA_VERSION)
			.with("closed", this.closed)
			.with("shutdown_incomplete", this.shutdownIncomplete)
			.with("background_refreshes", this.backgroundRefreshes)
			.with("flights", this.flights)
			.with("running_calls", this.runningCalls)
			.with("waiting_for_capacity", waitingForCapacity())
			.with("pending_publications", this.pendingPublications)
			.with("max_pending_publications", this.maxPendingPublications)
			.with("capacity", Documents.sorted(this.capacity, CapacityState::toMap))
			.with("cache", (this.cache != null) ? this.cache.toMap() : null)
			.with("circuits", Documents.sorted(this.circuits, Circuit::toMap))
			.with("source_timeout_guarantees", Documents.sorted(this.sourceTimeouts, SourceTimeouts::toMap))
			.with("blocking_source_count", this.sourceTimeouts.size() - sources(SourceTimeouts.Status.NON_BLOCKING))
			.with("protected_blocking_source_count", sources(SourceTimeouts.Status.PROTECTED))
			.with("unsafe_blocking_source_count", sources(SourceTimeouts.Status.UNSAFE))
			.with("undeclared_source_timeout_count", sources(SourceTimeouts.Status.UNDECLARED))
			.with("source_transport_timeout_violations",
					Documents.sorted(this.transportTimeoutViolations, (count) -> count));
		for (Counter counter : Counter.values()) {
			document.with(counter.code(), count(counter));
		}
		return document.with("assessment", (assessment != null) ? assessment.toMap() : null).toMap();
	}

	/**
	 * What a builder counts.
	 *
	 * @since 0.1.0
	 */
	public enum Counter {

		/** Calls that did not get their turn in time. */
		QUEUE_TIMEOUT_COUNT,

		/** Calls that did not end in time. */
		SOURCE_TIMEOUT_COUNT,

		/** Calls that took longer than the transport of their source was to allow. */
		SOURCE_TRANSPORT_TIMEOUT_VIOLATION_COUNT,

		/** Times that a deadline was over. */
		DEADLINE_EXCEEDED_COUNT,

		/** Revalidations of sessions. */
		REVALIDATION_ATTEMPT_COUNT,

		/** Those that changed nothing. */
		REVALIDATION_FAILURE_COUNT,

		/** Reads and writes of the cache that failed. */
		CACHE_FAILURE_COUNT,

		/** Listeners that threw. */
		LISTENER_FAILURE_COUNT;

		/**
		 * Returns the name of this count in documents.
		 * @return the name, which never changes
		 */
		public String code() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * How much of a limit of calls is in use.
	 *
	 * @param limit how many calls may run at the same time
	 * @param inUse how many run
	 * @param waiting how many wait for their turn
	 * @since 0.1.0
	 */
	public record CapacityState(int limit, int inUse, int waiting) {

		Map<String, @Nullable Object> toMap() {
			return Documents.document()
				.with("limit", this.limit)
				.with("in_use", this.inUse)
				.with("waiting", this.waiting)
				.toMap();
		}

	}

	/**
	 * What a cache has done since it was created.
	 *
	 * @param size how many values it holds
	 * @param maxEntries how many it may hold, or {@code null} without a limit
	 * @param hits reads of values that could be used
	 * @param misses reads of values that were not there, or too old
	 * @param freshHits hits on values that were fresh
	 * @param staleHits hits on values that were stale
	 * @param writes values that were stored
	 * @param invalidations values that were removed by name
	 * @param evictions values that were given up for others
	 * @param expirations values that were given up since they were too old
	 * @since 0.1.0
	 */
	public record CacheState(long size, @Nullable Long maxEntries, long hits, long misses, long freshHits,
			long staleHits, long writes, long invalidations, long evictions, long expirations) {

		Map<String, @Nullable Object> toMap() {
			return Documents.document()
				.with("size", this.size)
				.with("max_entries", this.maxEntries)
				.with("hits", this.hits)
				.with("misses", this.misses)
				.with("fresh_hits", this.freshHits)
				.with("stale_hits", this.staleHits)
				.with("writes", this.writes)
				.with("invalidations", this.invalidations)
				.with("evictions", this.evictions)
				.with("expirations", this.expirations)
				.toMap();
		}

	}

	/**
	 * A circuit, which opens when a source fails.
	 *
	 * @param state whether calls pass
	 * @param failures how many calls have failed in a row
	 * @param openFor for how long it has been open, or {@code null} if it is closed
	 * @param probing whether a call is on its way that will close or open it
	 * @since 0.1.0
	 */
	public record Circuit(State state, int failures, @Nullable Duration openFor, boolean probing) {

		/**
		 * Whether calls pass.
		 *
		 * @since 0.1.0
		 */
		public enum State {

			/** All calls pass. */
			CLOSED,

			/** No call passes. */
			OPEN,

			/** One call at a time passes. */
			HALF_OPEN;

			/**
			 * Returns the name of this state in documents.
			 * @return the name, which never changes
			 */
			public String code() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

		Map<String, @Nullable Object> toMap() {
			return Documents.document()
				.with("state", this.state.code())
				.with("failures", this.failures)
				.with("open_seconds", Documents.seconds(this.openFor))
				.with("half_open_probe_active", this.probing)
				.toMap();
		}

	}

	/**
	 * How long the calls of a source can take.
	 *
	 * @param status whether the calls end in time by themselves
	 * @param timeout how long a call is waited for, or {@code null} for ever
	 * @param transportTimeout within what time the transport gives up, or {@code null} if
	 * it is not known
	 * @since 0.1.0
	 */
	public record SourceTimeouts(Status status, @Nullable Duration timeout, @Nullable Duration transportTimeout) {

		/**
		 * Whether calls end in time by themselves.
		 *
		 * @since 0.1.0
		 */
		public enum Status {

			/** They end at once. */
			NON_BLOCKING,

			/** The transport gives up before the call is left behind. */
			PROTECTED,

			/** Nothing is known of the transport. */
			UNDECLARED,

			/** The transport gives up later. Calls that are left behind go on. */
			UNSAFE;

			/**
			 * Returns the name of this status in documents.
			 * @return the name, which never changes
			 */
			public String code() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

		/** Tells what the options of a source say, whose timeout may be the builder's. */
		static SourceTimeouts of(SourceOptions options, @Nullable Duration timeout) {
			return new SourceTimeouts(status(options, timeout), timeout, options.transportTimeout());
		}

		private static Status status(SourceOptions options, @Nullable Duration timeout) {
			Duration transport = options.transportTimeout();
			if (!options.isBlocking()) {
				return Status.NON_BLOCKING;
			}
			if (transport == null) {
				return Status.UNDECLARED;
			}
			return (timeout == null || transport.compareTo(timeout) < 0) ? Status.PROTECTED : Status.UNSAFE;
		}

		Map<String, @Nullable Object> toMap() {
			return Documents.document()
				.with("status", this.status.code())
				.with("blocking_io", this.status != Status.NON_BLOCKING)
				.with("transport_timeout_seconds", Documents.seconds(this.transportTimeout))
				.with("source_timeout_seconds", Documents.seconds(this.timeout))
				.toMap();
		}

	}

	/** Collects a state. What is not set is zero, or empty. */
	static final class Builder {

		private boolean closed;

		private boolean shutdownIncomplete;

		private int backgroundRefreshes;

		private int flights;

		private int runningCalls;

		private int pendingPublications;

		private int maxPendingPublications;

		private Map<String, CapacityState> capacity = Map.of();

		private @Nullable CacheState cache;

		private Map<String, Circuit> circuits = Map.of();

		private Map<String, SourceTimeouts> sourceTimeouts = Map.of();

		private Map<String, Long> transportTimeoutViolations = Map.of();

		private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

		private Builder() {
		}

		Builder closed(boolean closed) {
			this.closed = closed;
			return this;
		}

		Builder shutdownIncomplete(boolean incomplete) {
			this.shutdownIncomplete = incomplete;
			return this;
		}

		Builder backgroundRefreshes(int keys) {
			this.backgroundRefreshes = keys;
			return this;
		}

		Builder flights(int keys) {
			this.flights = keys;
			return this;
		}

		Builder runningCalls(int calls) {
			this.runningCalls = calls;
			return this;
		}

		Builder publications(int pending, int limit) {
			this.pendingPublications = pending;
			this.maxPendingPublications = limit;
			return this;
		}

		Builder capacity(Map<String, CapacityState> limits) {
			this.capacity = limits;
			return this;
		}

		Builder cache(@Nullable CacheState state) {
			this.cache = state;
			return this;
		}

		Builder circuits(Map<String, Circuit> states) {
			this.circuits = states;
			return this;
		}

		Builder sourceTimeouts(Map<String, SourceTimeouts> sources) {
			this.sourceTimeouts = sources;
			return this;
		}

		/** Sets their sum as a count, too. */
		Builder transportTimeoutViolations(Map<String, Long> sources) {
			this.transportTimeoutViolations = sources;
			return this;
		}

		Builder count(Counter counter, long number) {
			this.counts.put(counter, number);
			return this;
		}

		BuilderHealth build() {
			return new BuilderHealth(this);
		}

	}

}
