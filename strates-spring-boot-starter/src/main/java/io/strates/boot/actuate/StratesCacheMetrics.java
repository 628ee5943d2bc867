package io.strates.boot.actuate;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.strates.cache.CacheStatistics;
import io.strates.cache.Tiers;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The meters of the caches. They are those of this node; the name of a cache, of which
 * there are as many as read models, is a tag.
 *
 * @since 0.1.0
 */
public final class StratesCacheMetrics implements SmartInitializingSingleton {

	private static final String CACHE = "cache";

	private final Tiers tiers;

	private final MeterRegistry registry;

	/**
	 * Creates the meters; they are registered when all caches are there.
	 * @param tiers tells what the caches did
	 * @param registry where they are registered
	 */
	public StratesCacheMetrics(Tiers tiers, MeterRegistry registry) {
		this.tiers = tiers;
		this.registry = registry;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.tiers.statistics().forEach((cache) -> register(cache.name()));
	}

	private void register(String cache) {
		requests(cache, "l1", "hit", CacheStatistics::localHits);
		requests(cache, "l1", "miss", CacheStatistics::localMisses);
		requests(cache, "l2", "hit", CacheStatistics::remoteHits);
		requests(cache, "l2", "miss", CacheStatistics::remoteMisses);
		counter("strates.cache.load.failures", "Calls of a loader that failed", cache, CacheStatistics::loadFailures);
		counter("strates.cache.coalesced", "Reads that waited for the load of another instead of loading", cache,
				CacheStatistics::coalesced);
		counter("strates.cache.evictions", "Values that L1 gave up for others", cache, CacheStatistics::evictions);
		FunctionTimer
			.builder("strates.cache.load", this.tiers, count(cache, CacheStatistics::loads),
					(tiers) -> (double) tiers.statistics(cache).loadTime().toNanos(), TimeUnit.NANOSECONDS)
			.description("Values that were loaded, and the time it took")
			.tag(CACHE, cache)
			.register(this.registry);
		Gauge.builder("strates.cache.size", this.tiers, (tiers) -> (double) tiers.statistics(cache).size())
			.description("Values in L1")
			.baseUnit("values")
			.tag(CACHE, cache)
			.register(this.registry);
	}

	private void requests(String cache, String tier, String result, ToDoubleFunction<CacheStatistics> value) {
		FunctionCounter
			.builder("strates.cache.requests", this.tiers, (tiers) -> value.applyAsDouble(tiers.statistics(cache)))
			.description("Values that a tier was asked for")
			.tags(CACHE, cache, "tier", tier, "result", result)
			.register(this.registry);
	}

	private void counter(String name, String description, String cache, ToDoubleFunction<CacheStatistics> value) {
		FunctionCounter.builder(name, this.tiers, (tiers) -> value.applyAsDouble(tiers.statistics(cache)))
			.description(description)
			.tag(CACHE, cache)
			.register(this.registry);
	}

	private static ToLongFunction<Tiers> count(String cache, ToLongFunction<CacheStatistics> value) {
		return (tiers) -> value.applyAsLong(tiers.statistics(cache));
	}

}
