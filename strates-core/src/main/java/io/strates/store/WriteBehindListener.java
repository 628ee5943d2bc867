package io.strates.store;

/**
 * Hears of writes that the database has refused for good.
 */
@FunctionalInterface
interface WriteBehindListener {

	/**
	 * A write was given up. It is no longer pending, so what caches hold of it is to go.
	 * Called once per dead letter, by the thread that flushes; not after a crash.
	 * @param store the name of the store
	 * @param letter the write
	 * @param cause what the database said
	 */
	void gaveUp(String store, DeadLetter letter, Throwable cause);

}
