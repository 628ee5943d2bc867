package io.strates.store;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when writes were not queued and will not be: the journal of write-behind was
 * full, or could not be reached, for as long as a write may wait, or the store was
 * closed. Of more than a thousand writes at once, those that it does not name are queued.
 *
 * @since 0.1.0
 */
public class WriteRefusedException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final String store;

	/** @serial the ids whose writes were not queued */
	private final List<String> ids;

	private WriteRefusedException(String message, String store, List<String> ids, @Nullable Throwable cause) {
		super(message, cause);
		this.store = store;
		this.ids = List.copyOf(ids);
	}

	static WriteRefusedException full(String store, List<String> ids, int capacity, Duration waited,
			@Nullable Throwable outage) {
		String way = (outage != null) ? "the database cannot be written: bring it back, and write again"
				: "write again later, or raise the capacity of the store";
		return new WriteRefusedException(
				"Write of " + Ids.text(ids) + " in store '" + store + "' was refused: its queue had no room among "
						+ capacity + " pending writes for " + waited.toMillis() + " ms; " + way,
				store, ids, outage);
	}

	static WriteRefusedException away(String store, List<String> ids, Duration waited, @Nullable Throwable cause) {
		return new WriteRefusedException("Write of " + Ids.text(ids) + " in store '" + store
				+ "' was refused: the journal of write-behind could not be reached for " + waited.toMillis()
				+ " ms, and what is not in it would not survive; bring Redis back and write again,"
				+ " or make the store write-through", store, ids, cause);
	}

	static WriteRefusedException closed(String store, List<String> ids) {
		return new WriteRefusedException(
				"Write of " + Ids.text(ids) + " in store '" + store + "' was refused: the store is closed", store, ids,
				null);
	}

	/**
	 * Returns the store.
	 * @return its name
	 */
	public String getStore() {
		return this.store;
	}

	/**
	 * Returns the ids whose writes were not queued.
	 * @return the ids, as text
	 */
	public List<String> getIds() {
		return this.ids;
	}

}
