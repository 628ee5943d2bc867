package io.strates.cache;

/**
 * What operators ask of a {@link CoherentCache}, by the text of a key.
 *
 * @since 0.1.0
 */
public interface CacheInspection {

	/**
	 * Returns how long and how much the cache keeps.
	 * @return the settings in force
	 */
	CacheSettings settings();

	/**
	 * Tells why this node answers a key as it does. Looks into L2, for the key and for
	 * tags that this node does not know; nothing is counted, loaded, kept or leased.
	 * @param keyText the text of the key
	 * @return what the tiers know of it
	 */
	CacheExplanation explain(String keyText);

	/**
	 * Forgets a key in every tier of every node.
	 * @param keyText the text of the key
	 */
	void invalidate(String keyText);

}
