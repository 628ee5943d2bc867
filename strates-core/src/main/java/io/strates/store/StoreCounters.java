package io.strates.store;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of a store.
 */
final class StoreCounters {

	final LongAdder gets = new LongAdder();

	final LongAdder puts = new LongAdder();

	final LongAdder deletes = new LongAdder();

	final LongAdder searches = new LongAdder();

	final LongAdder failures = new LongAdder();

}
