package io.strates.cache;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The write of some keys of a {@link CoherentCache}, from before its commit to its end.
 *
 * <p>
 * The order is: {@link CoherentCache#write begin}, change the database,
 * {@link #awaitFences}, commit, {@link #committed}, {@link #close}. <b>Atomicity:</b> a
 * process that dies in between leaves keys that are not cached until their fences fall;
 * it never leaves an old value. <b>Concurrency:</b> confined to one thread at a time.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @since 0.1.0
 */
public interface CacheWrite<K, V> extends AutoCloseable {

	/**
	 * Waits until all nodes are kept from caching the old values, no longer than a call
	 * of the second tier may take. If the tier is away, or the thread is interrupted,
	 * this returns nevertheless, and the keys are invalidated once the tier is back.
	 */
	void awaitFences();

	/**
	 * The change is committed. Waits for the fences if nobody has yet, but not until the
	 * second tier has the values.
	 * @param values what was written, by key; a key with {@code null} has no value any
	 * more; a key that is missing is forgotten
	 * @throws IllegalStateException if the write has ended already
	 */
	void committed(Map<K, ? extends @Nullable V> values);

	/**
	 * Nobody knows whether the change was committed: nothing is cached until the fences
	 * fall. Waits for the fences if nobody has yet.
	 * @throws IllegalStateException if the write has ended already
	 */
	void outcomeUnknown();

	/**
	 * Ends the write; without a word on its outcome, it did not happen.
	 */
	@Override
	void close();

}
