package io.strates.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all snapshots of one builder share: the sources, the current revisions, the calls
 * that are on their way, and the rules for values.
 */
final class Engine implements Calls.Assembler {

	private static final Logger logger = LoggerFactory.getLogger(Engine.class);

	private final Map<ResourceType<?>, List<SourceHandle>> sources;

	private final Revisions revisions;

	private final Flights flights;

	private final Calls calls;

	private final Isolation isolation;

	private final EngineRules rules;

	private final Refreshes refreshes;

	private final RandomGenerator random;

	private final String node;

	private final AtomicLong revisionCount = new AtomicLong();

	/** Those that somebody waits for. */
	private final Set<Plan> plans = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	Engine(List<SourceHandle> handles, Revisions revisions, Isolation isolation, EngineRules rules,
			Function<Calls.Assembler, Calls> calls, RandomGenerator random) {
		this.sources = byType(handles);
		this.revisions = revisions;
		this.isolation = isolation;
		this.rules = rules;
		this.calls = calls.apply(this);
		this.flights = new Flights(this.calls, this::arrived);
		this.random = random;
		this.node = hex(16);
		this.refreshes = new Refreshes(this, rules.refreshLimit().toNanos());
	}

	private static Map<ResourceType<?>, List<SourceHandle>> byType(List<SourceHandle> handles) {
		Map<ResourceType<?>, List<SourceHandle>> byType = new HashMap<>();
		handles.forEach(
				(handle) -> byType.computeIfAbsent(handle.source().type(), (type) -> new ArrayList<>()).add(handle));
		byType.values()
			.forEach((some) -> some
				.sort(Comparator.<SourceHandle>comparingInt((handle) -> handle.source().priority()).reversed()));
		return byType;
	}

	List<SourceHandle> sources(ResourceKey<?> key) {
		return this.sources.getOrDefault(key.type(), List.of());
	}

	Revisions revisions() {
		return this.revisions;
	}

	Flights flights() {
		return this.flights;
	}

	Calls calls() {
		return this.calls;
	}

	Refreshes refreshes() {
		return this.refreshes;
	}

	Alarms alarms() {
		return this.calls.alarms();
	}

	Isolation isolation() {
		return this.isolation;
	}

	long now() {
		return this.calls.time().now();
	}

	long monotonic() {
		return this.calls.monotonic();
	}

	Freshness freshness(ResourceKey<?> key) {
		return this.rules.freshness(key);
	}

	/** A plan has begun to wait. */
	void began(Plan plan) {
		this.plans.add(plan);
		if (this.closed) {
			plan.end();
		}
	}

	/** A plan waits no more. */
	void ended(Plan plan) {
		this.plans.remove(plan);
	}

	/** Returns how many plans wait. */
	int plans() {
		return this.plans.size();
	}

	boolean isClosed() {
		return this.closed;
	}

	/** Nobody waits any more. */
	void close() {
		this.closed = true;
		this.refreshes.close();
		this.plans.forEach(Plan::end);
	}

	private @Nullable Revision<?> arrived(Flight.Id flight, Asker asker) {
		Revision<?> current;
		try {
			current = this.revisions.current(flight.key());
		}
		catch (RuntimeException ex) {
			unreadable(ex, asker.counts());
			return null;
		}
		if (current == null || !List.copyOf(current.inputs().values()).equals(flight.inputs())
				|| !freshness(flight.key()).isFresh(current.age(now()))) {
			return null;
		}
		return (!asker.refreshing() || current.fetchedAt() > asker.requestedAt()) ? current : null;
	}

	/** Returns random hexadecimal digits. */
	String hex(int digits) {
		StringBuilder text = new StringBuilder(digits);
		for (int index = 0; index < digits; index++) {
			text.append(Character.forDigit(this.random.nextInt(16), 16));
		}
		return text.toString();
	}

	/** Reads the cache, which must not fail a snapshot. */
	@Nullable Revision<?>[] read(KeyTable<?> keys, Counts counts) {
		@Nullable Revision<?>[] found = new Revision<?>[keys.size()];
		try {
			this.revisions.read(keys, 0, found);
			counts.add(Count.CACHE_READS, 1);
			return found;
		}
		catch (RuntimeException ex) {
			unreadable(ex, counts);
			return new Revision<?>[keys.size()];
		}
	}

	/**
	 * Reads what a derived revision was computed from, {@code null} if it cannot be used.
	 */
	@Nullable Map<ResourceKey<?>, Revision<?>> inputs(Revision<?> derived, Counts counts) {
		try {
			return this.revisions.inputs(derived);
		}
		catch (RuntimeException ex) {
			unreadable(ex, counts);
			return null;
		}
	}

	/** Gives up a revision that is too old to be of any use. */
	void expire(Revision<?> revision, Counts counts) {
		try {
			this.revisions.expire(revision);
		}
		catch (RuntimeException ex) {
			unwritten(ex, counts, revision.key() + " is too old and stays");
		}
	}

	private void unreadable(RuntimeException failure, Counts counts) {
		logger.warn("The cache of snapshots failed; sources are asked instead", failure);
		counts.warn("The cache could not be read: " + failure);
		this.calls.cacheFailures().increment();
	}

	private void unwritten(RuntimeException failure, Counts counts, String effect) {
		logger.warn("The cache of snapshots failed; {}", effect, failure);
		counts.warn("The cache could not be written: " + failure);
		this.calls.cacheFailures().increment();
	}

	Snapshot snapshot(Asker asker, KeyTable<Object> entries) {
		return new DefaultSnapshot(asker.snapshotId(), asker.requestedAt(), now(), entries, this.isolation,
				DefaultDiagnostics.of(0, entries.size(), entries.size(), new Counts(), 0));
	}

	String tooOld(Revision<?> revision) {
		Freshness freshness = freshness(revision.key());
		return "age " + seconds(revision.age(revision.fetchedAt())) + " exceeds ttl "
				+ seconds(Freshness.nanos(freshness.timeToLive()));
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
	}

	String nextRevision() {
		return this.node + Long.toString(this.revisionCount.incrementAndGet(), Character.MAX_RADIX);
	}

	@Override
	public List<Landing> landings(SourceHandle source, List<Calls.Answer> answers, Asker asker) {
		long now = now();
		List<Candidate> fresh = new ArrayList<>();
		List<Landing> landings = new ArrayList<>(Collections.nCopies(answers.size(), null));
		for (int index = 0; index < answers.size(); index++) {
			Calls.Answer answer = answers.get(index);
			try {
				Revision<?> revision = revision(source, answer, now, asker);
				if (freshness(revision.key()).isFresh(revision.age(now))) {
					fresh.add(new Candidate(index, revision));
				}
				else {
					landings.set(index, new Landing.Stale(revision, answer.attempts()));
				}
			}
			catch (RuntimeException ex) {
				landings.set(index, new Landing.Failed(ex, answer.attempts()));
			}
		}
		keep(source, fresh, landings, now, asker);
		return landings;
	}

	/**
	 * A fresh value of a call.
	 *
	 * @param index its position among the answers
	 * @param revision the value
	 */
	private record Candidate(int index, Revision<?> revision) {
	}

	private void keep(SourceHandle source, List<Candidate> fresh, List<Landing> landings, long now, Asker asker) {
		if (fresh.isEmpty()) {
			return;
		}
		if (asker.apart()) {
			fresh.forEach((each) -> landings.set(each.index(), new Landing.Fresh(each.revision(), null)));
			return;
		}
		List<Revisions.Written> written;
		try {
			written = this.revisions.write(fresh.stream().<Revision<?>>map(Candidate::revision).toList(), now, false,
					asker.forced());
			asker.counts().add(Count.CACHE_WRITES, 1);
		}
		catch (RuntimeException ex) {
			unwritten(ex, asker.counts(), "values of source '" + source.name() + "' are not kept");
			fresh.forEach((each) -> landings.set(each.index(), new Landing.Fresh(each.revision(), null)));
			return;
		}
		for (int index = 0; index < written.size(); index++) {
			Revision<?> own = fresh.get(index).revision();
			Revision<?> current = fitting(own, written.get(index).current());
			landings.set(fresh.get(index).index(),
					new Landing.Fresh(current, current.equals(own) ? null : source.name()));
		}
	}

	/** What was derived from other revisions than the snapshot has is not for it. */
	private static Revision<?> fitting(Revision<?> own, Revision<?> current) {
		return (current.inputs().isEmpty() || current.inputs().equals(own.inputs())) ? current : own;
	}

	/** Keeps a stale value that was better than nothing. */
	void keepStale(Revision<?> stale, Counts counts) {
		try {
			this.revisions.write(List.of(stale), now(), false, false);
			counts.add(Count.CACHE_WRITES, 1);
		}
		catch (RuntimeException ex) {
			unwritten(ex, counts, stale.key() + " is not kept");
		}
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // the value was cast to the key's type
	private Revision<?> revision(SourceHandle source, Calls.Answer answer, long now, Asker asker) {
		Object value = this.isolation.in(answer.key(), answer.payload().value());
		long observed = observed(source.name(), answer, now, asker);
		Map<String, Object> metadata = new LinkedHashMap<>(answer.payload().metadata());
		if (observed > now) {
			metadata.put("clock_skew_seconds", (observed - now) / 1e9);
		}
		Map<ResourceKey<?>, String> inputs = new LinkedHashMap<>();
		boolean stale = false;
		Snapshot given = answer.inputs();
		if (given != null) {
			for (SnapshotValue<?> input : given.values().values()) {
				inputs.put(input.key(), input.revisionId());
				observed = Math.min(observed, SnapshotTime.nanos(input.observedAt()));
				stale |= input.isStale();
			}
		}
		int authority = this.rules.authority(answer.key(), source.name());
		return new Revision(answer.key(), value, source.name(), observed, now, answer.latency(), answer.attempts(),
				authority, nextRevision(), Collections.unmodifiableMap(inputs), stale, Map.copyOf(metadata));
	}

	/** Makes what is published into what is kept. */
	@SuppressWarnings({ "unchecked", "rawtypes" }) // the value was cast to the key's type
	Revision<?> published(ResourceUpdate<?> update, long now) {
		Instant observedAt = update.observedAt();
		long observed = (observedAt != null) ? SnapshotTime.nanos(observedAt) : now;
		if (this.rules.isTooFarAhead(observed, now)) {
			throw new SourceProtocolException("An update of " + update.key() + " by '" + update.source()
					+ "' was observed at " + observedAt + ", which is still to come; nothing was published", null);
		}
		Map<String, Object> metadata = new LinkedHashMap<>(update.metadata());
		metadata.put("published", true);
		if (observed > now) {
			metadata.put("clock_skew_seconds", (observed - now) / 1e9);
		}
		Object value = this.isolation.in(update.key(), update.value());
		return new Revision(update.key(), value, update.source(), observed, now, 0, 0,
				this.rules.authority(update.key(), update.source()), nextRevision(), Map.of(), false,
				Map.copyOf(metadata));
	}

	private long observed(String source, Calls.Answer answer, long now, Asker asker) {
		Instant observedAt = answer.payload().observedAt();
		long observed = (observedAt != null) ? SnapshotTime.nanos(observedAt) : now;
		if (this.rules.isTooFarAhead(observed, now)) {
			asker.counts().add(Count.FUTURE_OBSERVATIONS, 1);
			throw new SourceProtocolException("Source '" + source + "' observed " + answer.key() + " at " + observedAt
					+ ", which is still to come; set its clock, or tolerate more", null);
		}
		return observed;
	}

}
