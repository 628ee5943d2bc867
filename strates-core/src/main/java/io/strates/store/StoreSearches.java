package io.strates.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.strates.cache.CoherentCache;
import io.strates.store.StoreParts.FoundStates;
import io.strates.store.StoreParts.SearchKey;
import org.jspecify.annotations.Nullable;

/**
 * Searches the table of a store, and keeps what it finds.
 */
final class StoreSearches<T, ID> {

	private static final int PAGE = 1_000;

	private final StoreParts<T, ID> parts;

	private final StateShape shape;

	private final EntityTable<T, ID> table;

	private final CoherentCache<ID, EntityState> cache;

	private final StoreReads<T, ID> reads;

	/** Whether what is queued is newer than what the table has. */
	private final boolean queues;

	StoreSearches(StoreParts<T, ID> parts, StoreReads<T, ID> reads) {
		this.parts = parts;
		this.shape = parts.shape();
		this.table = parts.table();
		this.cache = parts.cache();
		this.reads = reads;
		this.queues = parts.behind() != null;
	}

	List<T> search(Search<T> search) {
		boolean kept = !this.queues && this.reads.loadsAreKept();
		return entities(run(search, kept ? this.cache.tagToken(StoreWork.WRITTEN) : null));
	}

	List<T> searchCached(Search<T> search, String digest) {
		String token = this.reads.loadsAreKept() ? this.cache.tagToken(StoreWork.WRITTEN) : null;
		if (token == null) {
			return entities(cached(run(search, null)));
		}
		SearchKey key = new SearchKey(token, digest);
		FoundStates found = this.reads.loading(() -> this.parts.searches()
			.get(key, (keys) -> Map.of(key, new FoundStates(key.text(), cached(run(search, token))))));
		return entities((found != null) ? found.states() : List.of());
	}

	private List<EntityState> cached(List<EntityState> states) {
		return states.stream().map(this.shape::cached).toList();
	}

	private List<T> entities(List<EntityState> states) {
		return states.stream().map(this.parts.model()::entity).toList();
	}

	/** Runs a search, and offers what it finds to the caches. */
	private List<EntityState> run(Search<T> search, @Nullable String token) {
		List<EntityState> found;
		try {
			found = this.table.search(search).stream().map(this.shape::decrypted).toList();
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(this.parts.name(), ex);
		}
		if (!search.wantedFields().isEmpty()) {
			return found.stream().map((state) -> this.shape.only(state, search.wantedFields())).toList();
		}
		if (token != null && !this.queues) {
			offer(found, token);
		}
		return found;
	}

	private void offer(List<EntityState> states, String token) {
		Map<ID, EntityState> values = new LinkedHashMap<>();
		states.forEach((state) -> values.put(this.parts.idOf(state), this.shape.cached(state)));
		if (!values.isEmpty()) {
			this.cache.offer(values, StoreWork.WRITTEN, token);
		}
	}

	long count(Search<T> search) {
		try {
			return this.table.count(search);
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(this.parts.name(), ex);
		}
	}

	/** Reads entities into the caches, and returns how many. */
	long warm(long limit, BooleanSupplier goOn) {
		AtomicLong read = new AtomicLong();
		Tokens tokens = new Tokens();
		try {
			this.table.scan(limit, PAGE, tokens::take, (page) -> {
				read.addAndGet(page.size());
				List<EntityState> states = page.stream().map(this.shape::decrypted).toList();
				if (this.queues) {
					// What is queued is newer than what was read.
					this.reads.all(new LinkedHashSet<>(states.stream().map(this.parts::idOf).toList()));
				}
				else if (tokens.last != null && this.reads.loadsAreKept()) {
					offer(states, tokens.last);
				}
				return goOn.getAsBoolean();
			});
		}
		catch (RuntimeException ex) {
			throw StoreFailures.ofRead(this.parts.name(), ex);
		}
		return read.get();
	}

	/** The state of the type before each page is read. */
	private final class Tokens {

		private @Nullable String last;

		void take() {
			this.last = StoreSearches.this.cache.tagToken(StoreWork.WRITTEN);
		}

	}

}
