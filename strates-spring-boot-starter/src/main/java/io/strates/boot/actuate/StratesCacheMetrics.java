package io.strates.boot.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.strates.cache.CacheStatistics;
import io.strates.cache.ChannelStatistics;
import io.strates.cache.CoherenceStatistics;
import io.strates.cache.CoherentCache;
import io.strates.cache.Tiers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The meters of the caches, and of the channel between the nodes. They are those of this
 * node; the name of a cache, of which there are as many as the application declares, is a
 * tag.
 *
 * @since 0.1.0
 */
public final class StratesCacheMetrics implements SmartInitializingSingleton {

	private static final String CACHE = "cache";

	private static final List<String> STATES = List.of("closed", "open", "half_open");

	private final Tiers tiers;

	private final MeterRegistry registry;

	private final Set<String> registered = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the meters. They are registered when all singletons are there; those of a
	 * coherent cache that is made later, when it is made.
	 * @param tiers tells what the caches did
	 * @param registry where they are registered
	 */
	public StratesCacheMetrics(Tiers tiers, MeterRegistry registry) {
		this.tiers = tiers;
		this.registry = registry;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.tiers.statistics().forEach((cache) -> {
			if (this.registered.add(cache.name())) {
				register(cache.name(), () -> this.tiers.statistics(cache.name()));
			}
		});
		this.tiers.observe(this::registerCoherent);
		registerChannel();
	}

	private void registerCoherent(String name) {
		CoherentCache<?, ?> cache = this.tiers.coherentCaches().get(name);
		if (cache == null || !this.registered.add(name)) {
			return;
		}
		register(name, cache::statistics);
		coherence("strates.cache.writes", "Keys that this node wrote", name, cache, CoherenceStatistics::writes);
		coherence("strates.cache.fills.refused", "Values that were not kept, since their key was written meanwhile",
				name, cache, CoherenceStatistics::fillsRefused);
		coherence("strates.cache.invalidations", "Keys that other nodes told to be written or removed", name, cache,
				CoherenceStatistics::invalidationsReceived);
		coherence("strates.cache.stale", "Answers whose time was over", name, cache, CoherenceStatistics::staleAnswers);
	}

	private void coherence(String meter, String description, String name, CoherentCache<?, ?> cache,
			ToLongFunction<CoherenceStatistics> value) {
		FunctionCounter.builder(meter, cache, (source) -> (double) value.applyAsLong(source.coherence()))
			.description(description)
			.tag(CACHE, name)
			.register(this.registry);
	}

	private void register(String cache, Supplier<CacheStatistics> source) {
		requests(cache, "l1", "hit", source, CacheStatistics::localHits);
		requests(cache, "l1", "miss", source, CacheStatistics::localMisses);
		requests(cache, "l2", "hit", source, CacheStatistics::remoteHits);
		requests(cache, "l2", "miss", source, CacheStatistics::remoteMisses);
		counter("strates.cache.load.failures", "Calls of a loader that failed", cache, source,
				CacheStatistics::loadFailures);
		counter("strates.cache.coalesced", "Reads that waited for the load of another instead of loading", cache,
				source, CacheStatistics::coalesced);
		counter("strates.cache.evictions", "Values that L1 gave up for others", cache, source,
				CacheStatistics::evictions);
		FunctionTimer
			.builder("strates.cache.load", source, (statistics) -> statistics.get().loads(),
					(statistics) -> (double) statistics.get().loadTime().toNanos(), TimeUnit.NANOSECONDS)
			.description("Values that were loaded, and the time it took")
			.tag(CACHE, cache)
			.register(this.registry);
		Gauge.builder("strates.cache.size", () -> source.get().size())
			.description("Values in L1")
			.baseUnit("values")
			.tag(CACHE, cache)
			.register(this.registry);
	}

	private void requests(String cache, String tier, String result, Supplier<CacheStatistics> source,
			ToDoubleFunction<CacheStatistics> value) {
		FunctionCounter.builder("strates.cache.requests", source, (statistics) -> value.applyAsDouble(statistics.get()))
			.description("Values that a tier was asked for")
			.tags(CACHE, cache, "tier", tier, "result", result)
			.register(this.registry);
	}

	private void counter(String name, String description, String cache, Supplier<CacheStatistics> source,
			ToDoubleFunction<CacheStatistics> value) {
		FunctionCounter.builder(name, source, (statistics) -> value.applyAsDouble(statistics.get()))
			.description(description)
			.tag(CACHE, cache)
			.register(this.registry);
	}

	private void registerChannel() {
		Gauge.builder("strates.cache.debts", this.tiers, Tiers::debts)
			.description("Keys that the second tier has yet to be told of, since it was away when they were written")
			.baseUnit("keys")
			.register(this.registry);
		Gauge.builder("strates.channel.trusted", this.tiers, (tiers) -> tiers.channel().trusted() ? 1 : 0)
			.description("Whether this node hears what other nodes write")
			.register(this.registry);
		FunctionCounter.builder("strates.channel.messages", this.tiers, (tiers) -> tiers.channel().received())
			.description("Messages of other nodes")
			.baseUnit("messages")
			.register(this.registry);
		FunctionCounter.builder("strates.channel.gaps", this.tiers, (tiers) -> tiers.channel().gaps())
			.description("How often messages were missing, so that memory was emptied")
			.register(this.registry);
		time("strates.channel.lag", "Time that this node's last message took to come back", ChannelStatistics::lag);
		time("strates.channel.silence", "Time since the last message of any node", ChannelStatistics::silence);
		for (String state : STATES) {
			Gauge
				.builder("strates.channel.breaker", this.tiers,
						(tiers) -> tiers.channel().breaker().toLowerCase(Locale.ROOT).equals(state) ? 1 : 0)
				.description("Whether the breaker before the second tier is in this state")
				.tag("state", state)
				.register(this.registry);
		}
	}

	private void time(String name, String description, Time time) {
		TimeGauge.builder(name, this.tiers, TimeUnit.NANOSECONDS, (tiers) -> nanos(time.of(tiers.channel())))
			.description(description)
			.register(this.registry);
	}

	private static double nanos(@Nullable Duration duration) {
		return (duration != null) ? duration.toNanos() : Double.NaN;
	}

	/** A time of the channel, if it is known. */
	private interface Time {

		@Nullable Duration of(ChannelStatistics channel);

	}

}
