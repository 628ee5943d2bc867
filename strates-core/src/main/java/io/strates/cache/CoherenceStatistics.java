package io.strates.cache;

/**
 * What kept a {@link CoherentCache} coherent did on this node since it was created. The
 * numbers only grow, except for the debts.
 *
 * @since 0.1.0
 */
public interface CoherenceStatistics {

	/**
	 * Returns how many keys were written on this node.
	 * @return the number of keys
	 */
	long writes();

	/**
	 * Returns how many fills were refused, by this node or the second tier, since the key
	 * was written meanwhile.
	 * @return the number of fills
	 */
	long fillsRefused();

	/**
	 * Returns how many keys other nodes have told to be written or removed.
	 * @return the number of keys
	 */
	long invalidationsReceived();

	/**
	 * Returns how often a value was served although its time was over.
	 * @return the number of answers
	 */
	long staleAnswers();

	/**
	 * Returns how many keys the second tier has yet to be told of, since it was away when
	 * they were written.
	 * @return the number of keys of all coherent caches of this node
	 */
	int debts();

}
