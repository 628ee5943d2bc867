package io.strates.snapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.strates.StratesException;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the resources of one snapshot, or of one session, are resolved: each on its own way
 * from source to source, all at the same time.
 */
/*
 * All that happens to a plan happens in its mailbox, one thing after another, so that
 * nothing here needs a lock. Nothing in it waits: calls of sources are made, or joined,
 * when all that has happened so far is dealt with, so that keys that go to a batch source
 * together are asked for together.
 *
 * A resource has one cell in a plan, whoever needs it: what was asked for and the inputs
 * of what is derived are the same revision. A derived value is taken from the cache only
 * with the inputs that it was computed from, and these are then those of the plan.
 *
 * A derived resource waits for other cells; who would wait for itself is told the path.
 */
final class Plan {

	private static final Logger logger = LoggerFactory.getLogger(Plan.class);

	/** Stands for the source of failures before any was asked. */
	private static final String THE_PLAN = "snapshot";

	private static final Map<String, Object> COALESCED = Map.of("coalesced_request", true);

	private static final Map<String, Object> REFRESHED = Map.of("refresh_scheduled", true);

	private final Engine engine;

	private final Asker asker;

	private final Set<ResourceKey<?>> forced;

	/** Sources that are not asked for a key. */
	private final Map<ResourceKey<?>, String> excluded;

	private final KeyTable<Cell> cells = new KeyTable<>(8);

	private final Map<SourceHandle, List<Cell>> asked = new LinkedHashMap<>();

	private final Mailbox mailbox = new Mailbox(this::flush, this::broken);

	private @Nullable Runnable alarm;

	/** How many wait for what they have asked for. */
	private int waiting;

	private boolean late;

	private boolean ended;

	/**
	 * Creates a plan.
	 * @param engine the builder's
	 * @param asker the snapshot
	 * @param forced what is read anew by calls of the plan's own
	 */
	Plan(Engine engine, Asker asker, Set<ResourceKey<?>> forced) {
		this(engine, asker, forced, Map.of());
	}

	/**
	 * Creates a plan.
	 * @param engine the builder's
	 * @param asker the snapshot
	 * @param forced what is read anew by calls of the plan's own
	 * @param excluded the name of a source that is not asked, by key
	 */
	Plan(Engine engine, Asker asker, Set<ResourceKey<?>> forced, Map<ResourceKey<?>, String> excluded) {
		this.engine = engine;
		this.asker = asker;
		this.forced = forced;
		this.excluded = excluded;
	}

	private List<SourceHandle> sources(ResourceKey<?> key) {
		List<SourceHandle> all = this.engine.sources(key);
		String name = this.excluded.get(key);
		return (name != null) ? all.stream().filter((source) -> !source.name().equals(name)).toList() : all;
	}

	/** Takes over what another plan has resolved. */
	void seed(ResourceKey<?> key, Taken<?> taken) {
		Cell cell = new Cell(key, List.of());
		cell.complete(taken);
		this.cells.put(key, cell);
	}

	/**
	 * Resolves resources.
	 * @param keys their keys
	 * @return completed with their cells, once all are done; never exceptionally
	 */
	CompletableFuture<List<Cell>> resolve(List<ResourceKey<?>> keys, boolean again) {
		CompletableFuture<List<Cell>> all = new CompletableFuture<>();
		this.mailbox.post(() -> {
			this.waiting++;
			this.engine.began(this);
			List<Cell> fresh = new ArrayList<>();
			List<Cell> wanted = cells(keys, again, fresh);
			try {
				setOut(fresh);
			}
			catch (RuntimeException | Error ex) {
				broken(ex);
			}
			countDown(wanted, () -> {
				if (--this.waiting == 0) {
					this.engine.ended(this);
					disarm();
				}
				all.complete(wanted);
			});
			arm(wanted);
		});
		return all;
	}

	/** Takes over a resource that another plan is done with. */
	void adopt(Cell cell) {
		this.cells.put(cell.key(), cell);
	}

	/** Returns all resources that are done, inputs of derived ones included. */
	CompletableFuture<Map<ResourceKey<?>, Cell>> done() {
		CompletableFuture<Map<ResourceKey<?>, Cell>> done = new CompletableFuture<>();
		this.mailbox.post(() -> {
			Map<ResourceKey<?>, Cell> all = new LinkedHashMap<>();
			for (int index = 0; index < this.cells.size(); index++) {
				Cell cell = this.cells.value(index);
				if (cell != null && cell.isDone()) {
					all.put(cell.key(), cell);
				}
			}
			done.complete(all);
		});
		return done;
	}

	/** Nobody waits for what is not done. */
	void giveUp() {
		this.mailbox.post(this::expire);
	}

	/** The builder is closed: there are no more calls. */
	void end() {
		this.mailbox.post(() -> {
			this.ended = true;
			expire();
		});
	}

	private void arm(List<Cell> wanted) {
		if (this.alarm == null && this.asker.deadline() != Asker.NO_DEADLINE
				&& !wanted.stream().allMatch(Cell::isDone)) {
			long left = this.asker.deadline() - this.engine.monotonic();
			this.alarm = this.engine.alarms().after(Math.max(0, left), this::giveUp);
		}
	}

	private void disarm() {
		if (this.alarm != null) {
			this.alarm.run();
			this.alarm = null;
		}
	}

	void close() {
		this.mailbox.post(this::disarm);
	}

	private static void countDown(List<Cell> cells, Runnable done) {
		int[] left = { cells.size() };
		if (cells.isEmpty()) {
			done.run();
		}
		cells.forEach((cell) -> cell.whenDone(() -> {
			if (--left[0] == 0) {
				done.run();
			}
		}));
	}

	/** Returns the cells of keys; those that are new are yet to set out. */
	private List<Cell> cells(List<? extends ResourceKey<?>> keys, boolean again, List<Cell> fresh) {
		List<Cell> wanted = new ArrayList<>(keys.size());
		for (ResourceKey<?> key : keys) {
			Cell cell = this.cells.get(key);
			if (cell == null || (again && cell.error() != null)) {
				cell = new Cell(key, sources(key));
				this.cells.put(key, cell);
				fresh.add(cell);
			}
			wanted.add(cell);
		}
		return wanted;
	}

	private void setOut(List<Cell> fresh) {
		if (fresh.isEmpty()) {
			return;
		}
		if (!this.asker.refreshing()) {
			List<Cell> readable = fresh.stream().filter((cell) -> !this.forced.contains(cell.key())).toList();
			this.asker.counts().add(Count.CACHE_MISSES, fresh.size() - readable.size());
			readCache(readable);
		}
		fresh.stream().filter((cell) -> !cell.isDone()).forEach(this::advance);
	}

	private void readCache(List<Cell> readable) {
		if (readable.isEmpty()) {
			return;
		}
		KeyTable<Void> keys = new KeyTable<>(readable.size());
		readable.forEach((cell) -> keys.add(cell.key()));
		@Nullable Revision<?>[] found = this.engine.read(keys, this.asker.counts());
		CacheCounts cache = this.engine.revisions().counts();
		long now = this.engine.now();
		// Derived ones last: they can be used with the inputs that are there only.
		for (int round = 0; round < 2; round++) {
			for (int index = 0; index < found.length; index++) {
				Revision<?> revision = found[index];
				boolean derived = revision != null && !revision.inputs().isEmpty();
				if (derived == (round == 1)) {
					consider(readable.get(index), revision, now, cache);
				}
			}
		}
	}

	private void consider(Cell cell, @Nullable Revision<?> revision, long now, CacheCounts cache) {
		Freshness freshness = this.engine.freshness(cell.key());
		Counts counts = this.asker.counts();
		if (revision != null && !freshness.isUsable(revision.age(now))) {
			this.engine.expire(revision, counts);
		}
		if (revision == null || !freshness.isUsable(revision.age(now)) || !takeInputs(revision, now)) {
			cache.missed();
			counts.add(Count.CACHE_MISSES, 1);
			return;
		}
		long age = revision.age(now);
		cache.hit(1, freshness.isFresh(age));
		if (freshness.isFresh(age)) {
			counts.add(Count.CACHE_HITS, 1);
			boolean ahead = freshness.wantsRefreshAhead(age) && refresh(cell.key(), "refresh_ahead");
			complete(cell, new Taken<>(revision, now, true, revision.staleInputs(), ahead ? REFRESHED : Map.of()));
			return;
		}
		if (freshness.refresh() == Freshness.Refresh.STALE_WHILE_REVALIDATE) {
			counts.add(Count.CACHE_HITS, 1);
			boolean scheduled = refresh(cell.key(), "stale_while_revalidate");
			complete(cell, new Taken<>(revision, now, true, true,
					Map.of("refresh_mode", "stale_while_revalidate", "refresh_scheduled", scheduled)));
			return;
		}
		counts.add(Count.CACHE_MISSES, 1);
		cell.remember(revision);
	}

	private boolean refresh(ResourceKey<?> key, String reason) {
		return this.engine.refreshes().schedule(key, reason, this.asker);
	}

	/** Whether a derived value fits what the plan has; then its inputs are the plan's. */
	private boolean takeInputs(Revision<?> derived, long now) {
		if (derived.inputs().isEmpty()) {
			return true;
		}
		Map<ResourceKey<?>, Revision<?>> inputs = this.engine.inputs(derived, this.asker.counts());
		if (inputs == null) {
			return false;
		}
		for (Revision<?> input : inputs.values()) {
			Cell cell = this.cells.get(input.key());
			boolean other = cell != null && (cell.taken() == null || !cell.taken().revision().id().equals(input.id()));
			if (other || this.forced.contains(input.key())) {
				return false;
			}
		}
		inputs.forEach((key, input) -> {
			if (this.cells.get(key) == null) {
				boolean stale = input.staleInputs() || !this.engine.freshness(key).isFresh(input.age(now));
				seed(key, new Taken<>(input, now, true, stale, Map.of()));
			}
		});
		return true;
	}

	private void complete(Cell cell, Taken<?> taken) {
		if (taken.isStale()) {
			this.asker.counts().add(Count.STALE_VALUES, 1);
		}
		cell.complete(taken);
	}

	/** Goes to the next source. */
	private void advance(Cell cell) {
		if (cell.isDone()) {
			return;
		}
		if (this.late) {
			expire(cell);
			return;
		}
		SourceHandle source = cell.nextSource();
		if (source == null) {
			if (cell.open().isEmpty()) {
				finish(cell);
			}
			return;
		}
		if (!supports(source, cell)) {
			advance(cell);
			return;
		}
		if (source.kind() == SourceHandle.Kind.DERIVED) {
			gather(cell, source);
			return;
		}
		this.asked.computeIfAbsent(source, (ignored) -> new ArrayList<>()).add(cell);
	}

	private boolean supports(SourceHandle source, Cell cell) {
		try {
			return source.supports(cell.key());
		}
		catch (RuntimeException ex) {
			cell.failures().add(SourceFailure.of(source.name(), ex, 0));
			return false;
		}
	}

	/** Resolves what a derived resource is computed from. */
	private void gather(Cell cell, SourceHandle source) {
		List<Cell> inputs;
		List<Cell> fresh = new ArrayList<>();
		try {
			inputs = cells(List.copyOf(dependencies(cell, source)), false, fresh);
			for (Cell input : inputs) {
				refuseCycle(cell, input);
			}
		}
		catch (RuntimeException ex) {
			cell.failures().add(SourceFailure.of(source.name(), ex, (ex instanceof SourceProtocolException) ? 1 : 0));
			advance(cell);
			// Others may ask for them, and would wait for what has not set out.
			setOut(fresh);
			return;
		}
		// First, so that an input that needs this one notices.
		cell.waitsFor().addAll(inputs);
		setOut(fresh);
		countDown(inputs, () -> derive(cell, source, inputs));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // sources are found by type
	private static Set<ResourceKey<?>> dependencies(Cell cell, SourceHandle source) {
		Set<?> dependencies = ((DerivedSource) source.source()).dependencies(cell.key());
		Set<ResourceKey<?>> keys = new LinkedHashSet<>();
		for (Object dependency : dependencies) {
			if (!(dependency instanceof ResourceKey<?> key)) {
				throw new SourceProtocolException("Source '" + source.name() + "' depends on " + dependency
						+ ", which is no key; answer with keys", null);
			}
			keys.add(key);
		}
		return keys;
	}

	private static void refuseCycle(Cell cell, Cell input) {
		List<Cell> path = input.pathTo(cell);
		if (!path.isEmpty()) {
			List<ResourceKey<?>> keys = new ArrayList<>(List.of(cell.key()));
			path.forEach((each) -> keys.add(each.key()));
			throw new DependencyCycleException(keys);
		}
	}

	private void derive(Cell cell, SourceHandle source, List<Cell> inputs) {
		cell.waitsFor().clear();
		if (cell.isDone()) {
			return;
		}
		Map<ResourceKey<?>, Throwable> errors = new LinkedHashMap<>();
		KeyTable<Object> values = new KeyTable<>(inputs.size());
		for (Cell input : inputs) {
			StratesException error = input.error();
			if (error != null) {
				errors.put(input.key(), error);
			}
			Taken<?> taken = input.taken();
			if (taken != null) {
				values.put(input.key(), taken);
			}
		}
		if (!errors.isEmpty()) {
			DependencyFailedException failure = new DependencyFailedException(cell.key(), source.name(), errors);
			cell.failures().add(SourceFailure.of(source.name(), failure, 0));
			advance(cell);
			return;
		}
		Snapshot given = this.engine.snapshot(this.asker, values);
		board(source, List.of(cell), given);
	}

	/** Makes the calls that all have asked for. */
	private void flush() {
		while (!this.asked.isEmpty()) {
			Map<SourceHandle, List<Cell>> now = new LinkedHashMap<>(this.asked);
			this.asked.clear();
			now.forEach((source, cells) -> board(source, cells, null));
		}
	}

	private void board(SourceHandle source, List<Cell> cells, @Nullable Snapshot inputs) {
		List<Cell> alone = cells.stream().filter((cell) -> this.forced.contains(cell.key())).toList();
		List<Cell> shared = alone.isEmpty() ? cells
				: cells.stream().filter((cell) -> !this.forced.contains(cell.key())).toList();
		board(source, shared, false, inputs);
		board(source, alone, true, inputs);
	}

	private void board(SourceHandle source, List<Cell> cells, boolean alone, @Nullable Snapshot inputs) {
		if (cells.isEmpty()) {
			return;
		}
		List<ResourceKey<?>> keys = new ArrayList<>(cells.size());
		cells.forEach((cell) -> keys.add(cell.key()));
		List<Flights.Seat> seats = this.engine.flights().board(source, keys, this.asker, alone, inputs);
		for (int index = 0; index < seats.size(); index++) {
			follow(cells.get(index), source, seats.get(index));
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void follow(Cell cell, SourceHandle source, Flights.Seat seat) {
		if (seat.joined()) {
			this.asker.counts().add(Count.COALESCED, 1);
		}
		if (cell.isDone()) {
			seat.flight().leave();
			return;
		}
		cell.open().add(seat.flight());
		hedge(cell, source, seat.flight());
		seat.flight()
			.landing()
			.whenComplete((landing, failure) -> this.mailbox.post(() -> landed(cell, source, seat, landing)));
	}

	/** Asks the next source too when this one takes longer than it usually does. */
	private void hedge(Cell cell, SourceHandle source, Flight flight) {
		long usual = source.isHedged() ? source.latencies().usual() : -1;
		if (usual < 0 || !cell.hasMoreSources() || flight.landing().isDone()) {
			return;
		}
		cell.whenDone(this.engine.alarms().after(usual, () -> this.mailbox.post(() -> {
			if (!cell.isDone() && cell.open().contains(flight) && cell.hasMoreSources()) {
				this.asker.counts().add(Count.HEDGES, 1);
				advance(cell);
			}
		})));
	}

	private void landed(Cell cell, SourceHandle source, Flights.Seat seat, Landing landing) {
		if (cell.isDone()) {
			return;
		}
		cell.open().remove(seat.flight());
		if (landing instanceof Landing.Fresh fresh) {
			Taken<?> taken = fresh(fresh);
			complete(cell, seat.joined() ? taken.with(COALESCED) : taken);
			return;
		}
		if (landing instanceof Landing.Stale stale) {
			cell.offer(stale);
			Revision<?> revision = stale.revision();
			cell.failures()
				.add(new SourceFailure(source.name(), SourceFailure.STALE, this.engine.tooOld(revision),
						stale.attempts()));
		}
		if (landing instanceof Landing.Failed failed) {
			cell.failures().add(SourceFailure.of(source.name(), failed.failure(), failed.attempts()));
		}
		advance(cell);
	}

	private Taken<?> fresh(Landing.Fresh fresh) {
		long now = this.engine.now();
		Revision<?> revision = fresh.revision();
		String superseded = fresh.superseded();
		if (superseded == null) {
			return new Taken<>(revision, now, false, revision.staleInputs(), Map.of());
		}
		boolean stale = revision.staleInputs() || !this.engine.freshness(revision.key()).isFresh(revision.age(now));
		return new Taken<>(revision, now, true, stale, Map.of("superseded_source", superseded));
	}

	/** All sources have been asked, or there is no more time. */
	private void finish(Cell cell) {
		ResourceUnresolvedException error = new ResourceUnresolvedException(cell.key(), cell.failures());
		Taken<?> stale = this.forced.contains(cell.key()) ? null : stale(cell, error);
		if (stale != null) {
			complete(cell, stale);
		}
		else {
			cell.fail(error);
		}
	}

	/** Returns the newest of what is too old, if that is better than nothing. */
	private @Nullable Taken<?> stale(Cell cell, ResourceUnresolvedException error) {
		if (!this.engine.freshness(cell.key()).staleOnError()) {
			return null;
		}
		Revision<?> cached = cell.cached();
		Revision<?> fetched = cell.bestStale();
		long now = this.engine.now();
		if (fetched != null && (cached == null || fetched.observedAt() > cached.observedAt())) {
			if (!this.asker.refreshing()) {
				this.engine.keepStale(fetched, this.asker.counts());
			}
			return new Taken<>(fetched, now, false, true, Map.of());
		}
		if (cached == null) {
			return null;
		}
		String message = error.getMessage();
		return new Taken<>(cached, now, true, true, Map.of("fallback_error_type", error.getClass().getSimpleName(),
				"fallback_error", (message != null) ? message : ""));
	}

	/** The deadline has come: whatever is not done ends without its calls. */
	private void expire() {
		this.late = true;
		for (int index = 0; index < this.cells.size(); index++) {
			Cell cell = this.cells.value(index);
			if (cell != null && !cell.isDone() && cell.waitsFor().isEmpty()) {
				expire(cell);
			}
		}
		for (int index = 0; index < this.cells.size(); index++) {
			Cell cell = this.cells.value(index);
			if (cell != null && !cell.isDone()) {
				expire(cell);
			}
		}
	}

	private void expire(Cell cell) {
		List<Flight> open = List.copyOf(cell.open());
		String source = open.isEmpty() ? THE_PLAN : open.get(0).id().source().name();
		cell.failures().add(SourceFailure.of(source, over(), open.isEmpty() ? 0 : 1));
		finish(cell);
	}

	private StratesException over() {
		if (this.ended) {
			return new SourceUnavailableException(
					"The builder was closed before snapshot " + this.asker.snapshotId() + " was complete", null);
		}
		this.engine.calls().deadlines().increment();
		return new SnapshotDeadlineException(
				"The time of snapshot " + this.asker.snapshotId() + " was over before the source answered", null);
	}

	/** Something threw that never should; nobody is to wait for what comes of it. */
	private void broken(Throwable failure) {
		logger.error("Snapshot {} cannot be completed", this.asker.snapshotId(), failure);
		this.late = true;
		for (int index = 0; index < this.cells.size(); index++) {
			Cell cell = this.cells.value(index);
			if (cell != null && !cell.isDone()) {
				cell.failures().add(SourceFailure.of(THE_PLAN, failure, 0));
				cell.fail(new ResourceUnresolvedException(cell.key(), cell.failures()));
			}
		}
	}

}
