package io.strates.store;

/**
 * Thrown by {@link TieredStore#get}: there is no entity with the id.
 *
 * @since 0.1.0
 */
public class EntityNotFoundException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final String store;

	private final String id;

	/**
	 * Creates an exception.
	 * @param store the name of the store
	 * @param id the id that nobody has
	 */
	public EntityNotFoundException(String store, Object id) {
		super("Store '" + store + "' has no entity with the id " + id + "; ask with find(id) where that may be", null);
		this.store = store;
		this.id = String.valueOf(id);
	}

	/**
	 * Returns the name of the store.
	 * @return the name
	 */
	public String store() {
		return this.store;
	}

	/**
	 * Returns the id that nobody has, as a text.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

}
