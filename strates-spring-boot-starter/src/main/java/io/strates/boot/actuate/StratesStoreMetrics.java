package io.strates.boot.actuate;

import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.strates.store.StoreStatistics;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The meters of the stores. What their tiers do is told by the meters of the caches of
 * the same names.
 *
 * @since 0.1.0
 */
public final class StratesStoreMetrics implements SmartInitializingSingleton {

	private static final String STORE = "store";

	private final TieredStores stores;

	private final MeterRegistry registry;

	/**
	 * Creates the meters; they are registered when all stores are there.
	 * @param stores tell what they did
	 * @param registry where they are registered
	 */
	public StratesStoreMetrics(TieredStores stores, MeterRegistry registry) {
		this.stores = stores;
		this.registry = registry;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.stores.all().forEach(this::register);
	}

	private void register(TieredStore<?, ?> store) {
		operations(store, "get", StoreStatistics::gets);
		operations(store, "put", StoreStatistics::puts);
		operations(store, "delete", StoreStatistics::deletes);
		operations(store, "search", StoreStatistics::searches);
		FunctionCounter.builder("strates.store.failures", store, (source) -> source.statistics().failures())
			.description("Operations that failed")
			.tag(STORE, store.name())
			.register(this.registry);
		writes("strates.store.queued", "Ids with a write that is not yet in the database, on all nodes", store,
				StoreStatistics::queuedWrites);
		writes("strates.store.dead", "Ids with a write that the database has refused for good", store,
				StoreStatistics::deadWrites);
	}

	private void operations(TieredStore<?, ?> store, String operation, ToDoubleFunction<StoreStatistics> value) {
		FunctionCounter.builder("strates.store.operations", store, (source) -> value.applyAsDouble(source.statistics()))
			.description("Entities that were read or written, and searches")
			.tags(STORE, store.name(), "operation", operation)
			.register(this.registry);
	}

	private void writes(String name, String description, TieredStore<?, ?> store,
			ToLongFunction<StoreStatistics> value) {
		Gauge.builder(name, store, (source) -> known(value.applyAsLong(source.statistics())))
			.description(description)
			.baseUnit("writes")
			.tag(STORE, store.name())
			.register(this.registry);
	}

	private static double known(long count) {
		return (count < 0) ? Double.NaN : count;
	}

}
