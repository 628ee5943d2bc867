package io.strates.store;

/**
 * When a write reaches the tiers.
 *
 * @since 0.1.0
 */
public enum WriteMode {

	/**
	 * The write is acknowledged when the database has it; L1 of this node and L2 get it
	 * right after.
	 */
	WRITE_THROUGH,

	/**
	 * The write is acknowledged when the database has it; L2 gets it right after, L1 when
	 * it is read the next time.
	 */
	L1_ASYNC,

	/**
	 * The write is acknowledged when it is in a journal; the database gets it soon, in
	 * batches and in order.
	 */
	WRITE_BEHIND

}
