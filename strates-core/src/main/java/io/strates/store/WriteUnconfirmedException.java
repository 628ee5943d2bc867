package io.strates.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when nobody knows whether a write was queued: the journal was asked and did not
 * answer in time. Read the entity once it answers, or write it again.
 *
 * @since 0.1.0
 */
public class WriteUnconfirmedException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final String store;

	/** @serial the ids whose writes are in doubt */
	private final List<String> ids;

	/**
	 * Creates an exception.
	 * @param store the name of the store
	 * @param ids the ids whose writes are in doubt
	 * @param cause what the journal's client said
	 */
	public WriteUnconfirmedException(String store, List<String> ids, @Nullable Throwable cause) {
		super("It is not known whether the writes of " + Ids.text(ids) + " in store '" + store
				+ "' were queued: the journal of write-behind was asked and did not answer in time;"
				+ " read them or write them again once it does", cause);
		this.store = store;
		this.ids = List.copyOf(ids);
	}

	/**
	 * Returns the store.
	 * @return its name
	 */
	public String getStore() {
		return this.store;
	}

	/**
	 * Returns the ids whose writes are in doubt.
	 * @return the ids, as text
	 */
	public List<String> getIds() {
		return this.ids;
	}

}
