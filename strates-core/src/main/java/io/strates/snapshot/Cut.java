package io.strates.snapshot;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The plans of one snapshot: one, or as many as it takes until all values are those that
 * the cache holds at one moment.
 */
/*
 * Whether a value is still the one in the cache is looked up for all of them with one
 * read, which is of one epoch; then the snapshot is of that epoch. What has been
 * replaced, and what was derived from it, is resolved by another plan, which takes over
 * the others. A value that a source gave and the cache does not hold is of any epoch.
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
		return this.plan.done().thenCompose((all) -> settled(cells, all, round));
	}

	private CompletableFuture<List<Cell>> settled(List<Cell> cells, Map<ResourceKey<?>, Cell> all, int round) {
		Set<ResourceKey<?>> replaced = replaced(all);
		if (replaced.isEmpty()) {
			return CompletableFuture.completedFuture(cells);
		}
		if (round == ROUNDS) {
			return CompletableFuture.completedFuture(lost(cells, replaced));
		}
		Plan next = new Plan(this.engine, this.asker, Set.of());
		all.values().stream().filter((cell) -> !replaced.contains(cell.key())).forEach(next::adopt);
		this.plan = next;
		if (this.givenUp) {
			next.giveUp();
		}
		return resolved().thenCompose((others) -> settled(others, round + 1));
	}

	/** Returns what the cache holds no longer, and what was derived from that. */
	private Set<ResourceKey<?>> replaced(Map<ResourceKey<?>, Cell> all) {
		Map<ResourceKey<?>, Taken<?>> values = DefaultSession.values(all);
		KeyTable<Void> keys = new KeyTable<>(values.size());
		values.keySet().forEach(keys::add);
		@Nullable Revision<?>[] current = this.engine.read(keys, this.asker.counts());
		Set<ResourceKey<?>> replaced = new HashSet<>();
		for (int index = 0; index < current.length; index++) {
			Taken<?> taken = Objects.requireNonNull(values.get(keys.key(index)));
			Revision<?> now = current[index];
			if (!taken.revision().equals(now) && (now != null || taken.isFromCache())) {
				replaced.add(taken.key());
			}
		}
		return Replacement.affected(replaced, values);
	}

	/** Gives up what changes faster than it can be read. */
	private static List<Cell> lost(List<Cell> cells, Set<ResourceKey<?>> replaced) {
		return cells.stream().map((cell) -> replaced.contains(cell.key()) ? lost(cell.key()) : cell).toList();
	}

	private static Cell lost(ResourceKey<?> key) {
		SourceFailure failure = new SourceFailure("snapshot", LOST,
				"replaced whenever it was read; build without consistentCut", ROUNDS);
		Cell error = new Cell(key, List.of());
		error.fail(new ResourceUnresolvedException(key, List.of(failure)));
		return error;
	}

	/** Nobody waits any more. */
	void giveUp() {
		this.givenUp = true;
		this.plan.giveUp();
	}

}
