package io.strates.store;

import java.util.Collection;
import java.util.List;

import io.strates.cache.CoherentCache;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;

/**
 * What a store is made of.
 *
 * @param settings how it is to be
 * @param table the database under it
 * @param shape what it knows of its states
 * @param cache the tiers of its entities
 * @param searches the tiers of its cached searches
 * @param transactions runs transactions of its own
 * @param hooks what is called around what it does
 * @param checked what states are encoded with before they are written, or {@code null} if
 * that cannot fail
 * @param behind makes what queues writes, or {@code null} if nothing does
 */
record StoreParts<T, ID>(TieredSettings settings, EntityTable<T, ID> table, StateShape shape,
		CoherentCache<ID, EntityState> cache, CoherentCache<SearchKey, FoundStates> searches,
		TransactionOperations transactions, Hooks<T> hooks, @Nullable StateCodec checked,
		@Nullable BehindFactory behind) {

	/**
	 * Names a cached search.
	 *
	 * @param token the state of the type when it was run
	 * @param digest what was searched for
	 */
	record SearchKey(String token, String digest) {

		String text() {
			return this.token + "/" + this.digest;
		}

	}

	/**
	 * What a cached search found.
	 *
	 * @param key the text of its key
	 * @param states what it found
	 */
	record FoundStates(String key, List<EntityState> states) {
	}

	/** Makes what queues the writes of a store. */
	@FunctionalInterface
	interface BehindFactory {

		Behind make(BatchTarget target, WriteBehindListener listener);

	}

	/**
	 * What queues the writes of a store.
	 *
	 * @param queue where they go
	 * @param journal where they are
	 * @param codec encodes them
	 * @param start lets them be flushed
	 */
	record Behind(WriteQueue queue, WriteJournal journal, StateCodec codec, Runnable start) {
	}

	String name() {
		return this.settings.name();
	}

	EntityModel<T, ID> model() {
		return this.table.model();
	}

	ID idOf(EntityState state) {
		ID id = model().idOf(state);
		if (id == null || id.equals("")) {
			throw new IllegalArgumentException("A " + model().type().getSimpleName()
					+ " has no id; assign one before it is written to store '" + name() + "'");
		}
		return id;
	}

	/**
	 * Returns the id that a person has written.
	 * @throws IllegalArgumentException if no id is written so
	 */
	ID id(String text) {
		try {
			return model().id(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + text + "' is no id of store '" + name() + "'; its ids are of type "
					+ model().idType().getName(), ex);
		}
	}

	List<String> texts(Collection<ID> ids) {
		return ids.stream().map(model()::idText).toList();
	}

}
