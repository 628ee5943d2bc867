package io.strates.snapshot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.jspecify.annotations.Nullable;

/**
 * Reads values anew in the background: all that are asked for at about the same time
 * together, each key once, and one that failed not again at once.
 */
final class Refreshes {

	private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);

	private final Engine engine;

	private final long limit;

	private final Map<ResourceKey<?>, Wanted> waiting = new LinkedHashMap<>();

	private final Map<ResourceKey<?>, CompletableFuture<Void>> running = new LinkedHashMap<>();

	/** Of keys that failed: until when they are left alone. */
	private final Cache<ResourceKey<?>, Pause> pauses;

	private boolean scheduled;

	private boolean closed;

	private @Nullable CompletableFuture<Void> drained;

	Refreshes(Engine engine, long limit) {
		this.engine = engine;
		this.limit = limit;
		this.pauses = Caffeine.newBuilder().maximumSize(10_000).executor(Runnable::run).build();
	}

	/** Who wants a key to be read anew. */
	private record Wanted(String reason, Asker parent) {
	}

	private record Pause(int failures, long until) {

		static Pause after(@Nullable Pause last, long now) {
			int failures = (last != null) ? last.failures() + 1 : 1;
			long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 10));
			return new Pause(failures, now + pause);
		}

	}

	/**
	 * Has a key read anew.
	 * @return whether it is, or was already on its way
	 */
	boolean schedule(ResourceKey<?> key, String reason, Asker parent) {
		Pause pause = this.pauses.getIfPresent(key);
		if (pause != null && this.engine.monotonic() < pause.until()) {
			return false;
		}
		synchronized (this) {
			if (this.closed) {
				return false;
			}
			if (this.running.containsKey(key) || this.waiting.putIfAbsent(key, new Wanted(reason, parent)) != null) {
				return true;
			}
			parent.counts().add(Count.REFRESHES_SCHEDULED, 1);
			if (this.scheduled) {
				return true;
			}
			this.scheduled = true;
		}
		this.engine.alarms().after(0, this::run);
		return true;
	}

	@SuppressWarnings("FutureReturnValueIgnored") // never completed exceptionally
	private void run() {
		Map<ResourceKey<?>, Wanted> now;
		CompletableFuture<Void> done = new CompletableFuture<>();
		synchronized (this) {
			this.scheduled = false;
			now = new LinkedHashMap<>(this.waiting);
			this.waiting.clear();
			now.keySet().forEach((key) -> this.running.put(key, done));
		}
		if (now.isEmpty()) {
			settle();
			return;
		}
		Wanted first = now.values().iterator().next();
		Asker asker = new Asker(first.parent().snapshotId() + ":refresh:" + this.engine.hex(8), this.engine.now(),
				this.engine.monotonic() + this.limit, metadata(first), new Counts(), false, true);
		Plan plan = new Plan(this.engine, asker, Set.of());
		plan.resolve(List.copyOf(now.keySet()), false).thenAccept((cells) -> {
			plan.close();
			ended(now, cells);
			done.complete(null);
		});
	}

	private static Map<String, Object> metadata(Wanted wanted) {
		Map<String, Object> metadata = new LinkedHashMap<>(wanted.parent().metadata());
		metadata.put("background_refresh", true);
		metadata.put("refresh_reason", wanted.reason());
		metadata.put("parent_snapshot_id", wanted.parent().snapshotId());
		return Map.copyOf(metadata);
	}

	private void ended(Map<ResourceKey<?>, Wanted> wanted, List<Cell> cells) {
		for (Cell cell : cells) {
			Wanted each = wanted.get(cell.key());
			boolean success = cell.taken() != null && !cell.taken().isStale();
			if (each != null) {
				each.parent().counts().add(success ? Count.REFRESHES_COMPLETED : Count.REFRESHES_FAILED, 1);
			}
			if (success) {
				this.pauses.invalidate(cell.key());
			}
			else {
				this.pauses.asMap().compute(cell.key(), (key, last) -> Pause.after(last, this.engine.monotonic()));
			}
		}
		synchronized (this) {
			this.running.keySet().removeAll(wanted.keySet());
		}
		settle();
	}

	private void settle() {
		CompletableFuture<Void> done = null;
		synchronized (this) {
			if (this.running.isEmpty() && this.waiting.isEmpty()) {
				done = this.drained;
				this.drained = null;
			}
		}
		if (done != null) {
			done.complete(null);
		}
	}

	/** Returns what is completed when nothing is read anew any more. */
	synchronized CompletableFuture<Void> drained() {
		if (this.running.isEmpty() && this.waiting.isEmpty()) {
			return CompletableFuture.completedFuture(null);
		}
		if (this.drained == null) {
			this.drained = new CompletableFuture<>();
		}
		return this.drained;
	}

	synchronized int size() {
		return this.running.size() + this.waiting.size();
	}

	/** Nothing is scheduled any more; what waits is left. */
	void close() {
		synchronized (this) {
			this.closed = true;
			this.waiting.clear();
		}
		settle();
	}

}
