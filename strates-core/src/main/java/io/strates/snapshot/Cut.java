package io.strates.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The plans of one snapshot: one, or as many as it takes until all values are those that
 * the cache holds at one moment.
 */
/*
 * Whether a value is still the one in the cache is looked up for all of them with one
 * read, which is of one epoch; then the snapshot is of that epoch. What has been replaced
 * is resolved by another plan, which takes over the others. A value that a source gave
 * and the cache does not hold is of any epoch.
 */
final class Cut {

	private static final int ROUNDS = 64;

	private static final String LOST = "InconsistentCut";

	private final Engine engine;

	private final Asker asker;

	private final List<ResourceKey<?>> keys;

	private volatile boolean givenUp;

	private volatile Plan plan;

	Cut(Engine engine, Asker asker, List<ResourceKey<?>> keys) {
		this.engine = engine;
		this.asker = asker;
		this.keys = keys;
		this.plan = new Plan(engine, asker, Set.of());
	}

	/** Resolves all with one plan. */
	CompletableFuture<List<Cell>> resolved() {
		return this.plan.resolve(this.keys, false);
	}

	/** Resolves all, and again what was replaced meanwhile. */
	CompletableFuture<List<Cell>> consistent() {
		return resolved().thenCompose((cells) -> settled(cells, 1));
	}

	private CompletableFuture<List<Cell>> settled(List<Cell> cells, int round) {
		List<Cell> replaced = replaced(cells);
		if (replaced.isEmpty()) {
			return CompletableFuture.completedFuture(cells);
		}
		if (round == ROUNDS) {
			return CompletableFuture.completedFuture(lost(cells, replaced));
		}
		Plan next = new Plan(this.engine, this.asker, Set.of());
		cells.stream().filter((cell) -> !replaced.contains(cell)).forEach(next::adopt);
		this.plan = next;
		if (this.givenUp) {
			next.giveUp();
		}
		return resolved().thenCompose((others) -> settled(others, round + 1));
	}

	private List<Cell> replaced(List<Cell> cells) {
		KeyTable<Void> taken = new KeyTable<>(cells.size());
		List<Cell> resolved = new ArrayList<>(cells.size());
		for (Cell cell : cells) {
			if (cell.taken() != null) {
				taken.add(cell.key());
				resolved.add(cell);
			}
		}
		@Nullable Revision<?>[] current = this.engine.read(taken, this.asker.counts());
		List<Cell> replaced = new ArrayList<>();
		for (int index = 0; index < current.length; index++) {
			Cell cell = resolved.get(index);
			Taken<?> value = cell.taken();
			Revision<?> now = current[index];
			if (value != null && now != value.revision() && (now != null || value.isFromCache())) {
				replaced.add(cell);
			}
		}
		return replaced;
	}

	/** Gives up what changes faster than it can be read. */
	private static List<Cell> lost(List<Cell> cells, List<Cell> replaced) {
		Map<Cell, Cell> errors = new HashMap<>();
		replaced.forEach((cell) -> {
			Cell error = new Cell(cell.key(), List.of());
			SourceFailure failure = new SourceFailure("snapshot", LOST,
					"replaced whenever it was read; build without consistentCut", ROUNDS);
			error.fail(new ResourceUnresolvedException(cell.key(), List.of(failure)));
			errors.put(cell, error);
		});
		return cells.stream().map((cell) -> errors.getOrDefault(cell, cell)).toList();
	}

	/** Nobody waits any more. */
	void giveUp() {
		this.givenUp = true;
		this.plan.giveUp();
	}

}
