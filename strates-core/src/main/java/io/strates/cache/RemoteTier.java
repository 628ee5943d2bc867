package io.strates.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The second tier, shared by all nodes: bytes by key.
 *
 * @implSpec Thread-safe. Every method returns within a short bound of the
 * implementation's own, also while the tier is hung, and fails at once while it is known
 * to be away. Called by the threads that read, inside and outside of transactions.
 * @since 0.1.0
 */
public interface RemoteTier extends AutoCloseable {

	/**
	 * Fetches values in one round trip.
	 * @param keys the keys
	 * @return the values in the order of the keys, {@code null} where there is none
	 * @throws TierUnavailableException if the tier does not answer
	 */
	List<byte @Nullable []> fetch(List<String> keys);

	/**
	 * Stores values without waiting for the tier. What could not be stored is absent
	 * later, which is no error.
	 * @param values the values by key
	 * @param timeToLive how long the tier may keep them
	 */
	void store(Map<String, byte[]> values, Duration timeToLive);

	/**
	 * Removes all keys that begin with one of several texts. May look at every key of the
	 * tier, in steps that leave it responsive.
	 * @param prefixes how the keys begin
	 * @return how many there were
	 * @throws TierUnavailableException if the tier does not answer
	 */
	long removeAll(Collection<String> prefixes);

	@Override
	void close();

}
