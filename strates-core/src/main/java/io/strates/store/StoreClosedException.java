package io.strates.store;

/**
 * Thrown by every read, write, search, invalidation and flush of a store that is closed.
 *
 * @since 0.1.0
 */
public class StoreClosedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param store the name of the store
	 */
	public StoreClosedException(String store) {
		super("Store '" + store + "' is closed; it ends with its application", null);
	}

}
