package io.strates.snapshot;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.strates.StratesException;
import io.strates.snapshot.BuilderHealth.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Builds what is in the cache at once, and plans the rest.
 */
final class DefaultSnapshotBuilder implements SnapshotBuilder {

	private static final Duration IDLE_CIRCUIT = Duration.ofMinutes(10);

	private static final int CIRCUITS = 10_000;

	private final Threads threads = new Threads();

	private final List<SourceHandle> handles;

	private final Engine engine;

	private final ResourcePublisher publisher;

	private final Backlog backlog;

	private final RequestRules requests;

	private volatile boolean closed;

	DefaultSnapshotBuilder(List<SourceHandle> handles, SnapshotSetup setup) {
		this.handles = List.copyOf(handles);
		SnapshotTime time = setup.time();
		Capacity capacity = new Capacity(setup.maxConcurrency());
		handles.forEach((handle) -> capacity.register(handle.name(), handle.options().maxConcurrency()));
		Circuits circuits = new Circuits(time.monotonic(), CIRCUITS, IDLE_CIRCUIT);
		Alarms own = setup.alarms();
		Alarms alarms = (own != null) ? own : this.threads;
		EngineRules rules = setup.rules();
		Revisions revisions = setup.revisions(rules);
		this.engine = new Engine(handles, revisions, setup.isolation(), rules, (assembler) -> new Calls(capacity,
				circuits, this.threads.executor(), alarms, time, setup.random(), assembler), setup.random());
		this.backlog = new Backlog(this.threads.executor(), setup.backlog());
		this.publisher = new DefaultPublisher(this.engine, this.backlog);
		this.requests = new RequestRules(rules::freshness);
	}

	Engine engine() {
		return this.engine;
	}

	@Override
	public Snapshot build(Collection<? extends ResourceKey<?>> keys, SnapshotOptions options) {
		long start = this.engine.monotonic();
		KeyTable<Object> entries = entries(keys);
		Snapshot cached = cached(entries, options, start);
		if (cached != null) {
			return cached;
		}
		CompletableFuture<Snapshot> planned = planned(entries, options, start);
		try {
			return planned.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			planned.cancel(false);
			throw new SnapshotIncompleteException("Interrupted while a snapshot was built", Map.of(), null);
		}
		catch (ExecutionException ex) {
			throw unwrapped(ex.getCause());
		}
	}

	@Override
	public Snapshot build(SnapshotRequest request, SnapshotOptions options) {
		Snapshot snapshot = consistent(request, options);
		SnapshotIncompleteException violation = this.requests.violation(request, snapshot,
				SnapshotTime.instant(this.engine.now()));
		if (violation != null) {
			throw violation;
		}
		return snapshot;
	}

	@Override
	public SnapshotOutcome judge(SnapshotRequest request, SnapshotOptions options, DegradationPolicy policy) {
		Snapshot snapshot = consistent(request, options);
		return this.requests.outcome(request, snapshot, SnapshotTime.instant(this.engine.now()), policy);
	}

	/** Builds what a request asks for, and replaces the oldest value if it is to. */
	private Snapshot consistent(SnapshotRequest request, SnapshotOptions options) {
		long start = this.engine.monotonic();
		SnapshotOptions lenient = options.lenient();
		Snapshot snapshot = build(request.keys(), lenient);
		SnapshotSkewException skew = RequestRules.replaceableSkew(request, snapshot);
		if (skew == null) {
			return snapshot;
		}
		Counts counts = Counts.after(snapshot.diagnostics());
		Asker asker = new Asker(snapshot.id(), SnapshotTime.nanos(snapshot.createdAt()), deadline(lenient, start),
				lenient.metadata(), counts, false, false);
		Replacement replacement = new Replacement(this.engine, asker, ((DefaultSnapshot) snapshot).taken());
		Map<ResourceKey<?>, Taken<?>> replaced = replacement.replace(skew.oldestKey());
		if (replaced == null) {
			return snapshot;
		}
		KeyTable<Object> entries = new KeyTable<>(request.keys().size());
		request.keys().forEach((key) -> {
			StratesException error = snapshot.error(key);
			entries.put(key, (error != null) ? error : Objects.requireNonNull(replaced.get(key)));
		});
		Snapshot other = snapshot(this.engine, asker, entries);
		return (RequestRules.replaceableSkew(request, other) == null) ? other : snapshot;
	}

	private static RuntimeException unwrapped(@Nullable Throwable cause) {
		if (cause instanceof CompletionException wrapper) {
			return unwrapped(wrapper.getCause());
		}
		if (cause instanceof RuntimeException failure) {
			return failure;
		}
		if (cause instanceof Error error) {
			throw error;
		}
		throw new IllegalStateException(cause);
	}

	@Override
	public CompletableFuture<Snapshot> buildAsync(Collection<? extends ResourceKey<?>> keys, SnapshotOptions options) {
		long start = this.engine.monotonic();
		KeyTable<Object> entries = entries(keys);
		Snapshot cached = cached(entries, options, start);
		return (cached != null) ? CompletableFuture.completedFuture(cached) : planned(entries, options, start);
	}

	private KeyTable<Object> entries(Collection<? extends ResourceKey<?>> keys) {
		if (this.closed) {
			throw new IllegalStateException("The builder of snapshots is closed; create another");
		}
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("A snapshot of no resources was asked for; give one key or more");
		}
		KeyTable<Object> entries = new KeyTable<>(keys.size());
		keys.forEach(entries::add);
		return entries;
	}

	/** Returns a snapshot of fresh values, or {@code null} if one is missing. */
	private @Nullable Snapshot cached(KeyTable<Object> entries, SnapshotOptions options, long start) {
		@Nullable Revision<?>[] found = new Revision<?>[entries.size()];
		try {
			this.engine.revisions().read(entries, 0, found);
		}
		catch (RuntimeException ex) {
			// The plan reads again, and says so.
			return null;
		}
		long now = this.engine.now();
		long oldest = Long.MAX_VALUE;
		long newest = Long.MIN_VALUE;
		for (int index = 0; index < found.length; index++) {
			Revision<?> revision = found[index];
			if (revision == null || !isCurrent(revision, now)) {
				return null;
			}
			entries.set(index, revision);
			oldest = Math.min(oldest, revision.observedAt());
			newest = Math.max(newest, revision.observedAt());
		}
		this.engine.revisions().counts().hit(found.length, true);
		SnapshotDiagnostics diagnostics = DefaultDiagnostics.cached(this.engine.monotonic() - start, entries.size(),
				newest - oldest);
		return new DefaultSnapshot(id(options), now, now, entries, this.engine.isolation(), diagnostics);
	}

	private boolean isCurrent(Revision<?> revision, long now) {
		Freshness freshness = this.engine.freshness(revision.key());
		long age = revision.age(now);
		return freshness.isFresh(age) && !freshness.wantsRefreshAhead(age) && !revision.staleInputs();
	}

	private String id(SnapshotOptions options) {
		String id = options.id();
		return (id != null) ? id : this.engine.nextRevision();
	}

	@SuppressWarnings("FutureReturnValueIgnored") // it only tells the plan
	private CompletableFuture<Snapshot> planned(KeyTable<Object> entries, SnapshotOptions options, long start) {
		Asker asker = asker(options, start);
		List<ResourceKey<?>> keys = keys(entries);
		Cut cut = new Cut(this.engine, asker, keys);
		CompletableFuture<List<Cell>> resolved = options.isConsistentCut() ? cut.consistent() : cut.resolved();
		CompletableFuture<Snapshot> built = resolved.thenApply((cells) -> {
			KeyTable<Object> done = new KeyTable<>(cells.size());
			cells.forEach((cell) -> done.put(cell.key(), entry(cell)));
			Snapshot snapshot = snapshot(this.engine, asker, done);
			return options.isStrict() ? complete(snapshot) : snapshot;
		});
		built.whenComplete((snapshot, failure) -> {
			if (built.isCancelled()) {
				cut.giveUp();
			}
		});
		return built;
	}

	private static List<ResourceKey<?>> keys(KeyTable<?> entries) {
		ResourceKey<?>[] keys = new ResourceKey<?>[entries.size()];
		for (int index = 0; index < keys.length; index++) {
			keys[index] = entries.key(index);
		}
		return List.of(keys);
	}

	private Asker asker(SnapshotOptions options, long start) {
		return new Asker(id(options), this.engine.now(), deadline(options, start), options.metadata(), new Counts(),
				false, false);
	}

	private static long deadline(SnapshotOptions options, long start) {
		Duration deadline = options.deadline();
		return (deadline != null) ? deadline(start, Freshness.nanos(deadline)) : Asker.NO_DEADLINE;
	}

	/** What is too far away is no deadline. */
	private static long deadline(long start, long nanos) {
		long deadline = start + nanos;
		return (deadline < start) ? Asker.NO_DEADLINE : deadline;
	}

	static Object entry(Cell cell) {
		Taken<?> taken = cell.taken();
		StratesException error = cell.error();
		if (taken != null) {
			return taken;
		}
		if (error != null) {
			return error;
		}
		throw new IllegalStateException(cell.key() + " is not done");
	}

	/** Makes a snapshot of values and errors. */
	static Snapshot snapshot(Engine engine, Asker asker, KeyTable<Object> entries) {
		long now = engine.now();
		int resolved = 0;
		long oldest = Long.MAX_VALUE;
		long newest = Long.MIN_VALUE;
		for (int index = 0; index < entries.size(); index++) {
			if (entries.value(index) instanceof Taken<?> taken) {
				resolved++;
				oldest = Math.min(oldest, taken.revision().observedAt());
				newest = Math.max(newest, taken.revision().observedAt());
			}
		}
		SnapshotDiagnostics diagnostics = DefaultDiagnostics.of(now - asker.requestedAt(), entries.size(), resolved,
				asker.counts(), (resolved > 1) ? newest - oldest : 0);
		return new DefaultSnapshot(asker.snapshotId(), asker.requestedAt(), now, entries, engine.isolation(),
				diagnostics);
	}

	private static Snapshot complete(Snapshot snapshot) {
		if (!snapshot.isComplete()) {
			throw new SnapshotIncompleteException(new LinkedHashMap<>(snapshot.errors()), snapshot);
		}
		return snapshot;
	}

	@Override
	public SnapshotSession session(SnapshotOptions options) {
		if (this.closed) {
			throw new IllegalStateException("The builder of snapshots is closed; create another");
		}
		if (options.isConsistentCut()) {
			throw new IllegalArgumentException(
					"A session keeps what it has resolved, and is no consistent cut; build a snapshot instead");
		}
		return new DefaultSession(this.engine, asker(options, this.engine.monotonic()), options.isStrict(),
				this.requests);
	}

	@Override
	public ResourcePublisher publisher() {
		return this.publisher;
	}

	@Override
	public CompletableFuture<Void> refreshed() {
		return this.engine.refreshes().drained();
	}

	@Override
	public BuilderHealth health() {
		Calls calls = this.engine.calls();
		int running = calls.capacity().running();
		Map<String, BuilderHealth.SourceTimeouts> timeouts = new HashMap<>();
		this.handles.forEach((handle) -> timeouts.put(handle.name(),
				BuilderHealth.SourceTimeouts.of(handle.options(), handle.options().timeout())));
		return BuilderHealth.builder()
			.closed(this.closed)
			.shutdownIncomplete(this.closed && running > 0)
			.backgroundRefreshes(this.engine.refreshes().size())
			.flights(this.engine.flights().size())
			.runningCalls(running)
			.publications(this.backlog.pending(), this.backlog.limit())
			.capacity(calls.capacity().states())
			.cache(this.engine.revisions().state())
			.circuits(calls.circuits().health())
			.sourceTimeouts(timeouts)
			.transportTimeoutViolations(calls.violations())
			.count(Counter.QUEUE_TIMEOUT_COUNT, calls.queueTimeouts().sum())
			.count(Counter.SOURCE_TIMEOUT_COUNT, calls.timeouts().sum())
			.count(Counter.DEADLINE_EXCEEDED_COUNT, calls.deadlines().sum())
			.count(Counter.REVALIDATION_ATTEMPT_COUNT, calls.revalidations().sum())
			.count(Counter.REVALIDATION_FAILURE_COUNT, calls.failedRevalidations().sum())
			.count(Counter.CACHE_FAILURE_COUNT, calls.cacheFailures().sum())
			.build();
	}

	@Override
	public void close() {
		this.closed = true;
		this.backlog.close();
		this.engine.close();
		this.threads.close();
	}

}
