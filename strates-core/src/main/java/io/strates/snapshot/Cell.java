package io.strates.snapshot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * One resource in the plan of a snapshot: its way from source to source, and its end.
 * Confined to the plan.
 */
final class Cell {

	private final ResourceKey<?> key;

	private final List<SourceHandle> sources;

	private final List<SourceFailure> failures = new ArrayList<>();

	private final List<Runnable> listeners = new ArrayList<>();

	/** Derived resources wait for these. */
	private final Set<Cell> waitsFor = new LinkedHashSet<>();

	private final List<Flight> open = new ArrayList<>();

	private int next;

	private @Nullable Revision<?> cached;

	private Landing.@Nullable Stale bestStale;

	private @Nullable Taken<?> taken;

	private @Nullable StratesException error;

	Cell(ResourceKey<?> key, List<SourceHandle> sources) {
		this.key = key;
		this.sources = sources;
	}

	ResourceKey<?> key() {
		return this.key;
	}

	List<SourceFailure> failures() {
		return this.failures;
	}

	Set<Cell> waitsFor() {
		return this.waitsFor;
	}

	/** Flights that it waits for. */
	List<Flight> open() {
		return this.open;
	}

	/** Returns the next source on its way, or {@code null} at the end. */
	@Nullable SourceHandle nextSource() {
		return (this.next < this.sources.size()) ? this.sources.get(this.next++) : null;
	}

	boolean hasMoreSources() {
		return this.next < this.sources.size();
	}

	/** A value in the cache that is too old, but of some use. */
	@Nullable Revision<?> cached() {
		return this.cached;
	}

	void remember(Revision<?> stale) {
		this.cached = stale;
	}

	@Nullable Revision<?> bestStale() {
		return (this.bestStale != null) ? this.bestStale.revision() : null;
	}

	void offer(Landing.Stale stale) {
		if (this.bestStale == null || stale.revision().observedAt() > this.bestStale.revision().observedAt()) {
			this.bestStale = stale;
		}
	}

	boolean isDone() {
		return this.taken != null || this.error != null;
	}

	@Nullable Taken<?> taken() {
		return this.taken;
	}

	@Nullable StratesException error() {
		return this.error;
	}

	/** Runs something at the end, or at once. */
	void whenDone(Runnable listener) {
		if (isDone()) {
			listener.run();
		}
		else {
			this.listeners.add(listener);
		}
	}

	void complete(Taken<?> value) {
		this.taken = value;
		end();
	}

	void fail(StratesException failure) {
		this.error = failure;
		end();
	}

	private void end() {
		this.waitsFor.clear();
		this.open.forEach(Flight::leave);
		this.open.clear();
		List<Runnable> all = List.copyOf(this.listeners);
		this.listeners.clear();
		all.forEach(Runnable::run);
	}

	/**
	 * Returns the way from this cell to another through what cells wait for, or nothing.
	 */
	List<Cell> pathTo(Cell other) {
		return pathTo(other, new LinkedHashSet<>());
	}

	private List<Cell> pathTo(Cell other, Set<Cell> seen) {
		if (this == other) {
			return List.of(this);
		}
		if (!seen.add(this)) {
			return List.of();
		}
		for (Cell each : this.waitsFor) {
			List<Cell> rest = each.pathTo(other, seen);
			if (!rest.isEmpty()) {
				List<Cell> path = new ArrayList<>(List.of(this));
				path.addAll(rest);
				return path;
			}
		}
		return List.of();
	}

}
