package io.strates.snapshot;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application says of values: how long they are of use, how far sources are
 * trusted, and what is from the future.
 */
final class EngineRules {

	private static final Logger logger = LoggerFactory.getLogger(EngineRules.class);

	private static final Freshness NEVER = Freshness.of(Duration.ZERO, Duration.ZERO);

	private final Freshness standard;

	private final Map<ResourceKey<?>, Freshness> byKey;

	private final Map<ResourceType<?>, Freshness> byType;

	private final @Nullable FreshnessResolver dynamic;

	private final AuthorityResolver authority;

	private final long tolerance;

	private final boolean rejectFuture;

	private final Duration refreshLimit;

	EngineRules(Freshness standard, Map<ResourceKey<?>, Freshness> byKey, Map<ResourceType<?>, Freshness> byType,
			@Nullable FreshnessResolver dynamic, AuthorityResolver authority, Duration tolerance, boolean rejectFuture,
			Duration refreshLimit) {
		this.standard = standard;
		this.byKey = Map.copyOf(byKey);
		this.byType = Map.copyOf(byType);
		this.dynamic = dynamic;
		this.authority = authority;
		this.tolerance = tolerance.toNanos();
		this.rejectFuture = rejectFuture;
		this.refreshLimit = refreshLimit;
	}

	Freshness freshness(ResourceKey<?> key) {
		Freshness own = this.byKey.isEmpty() ? null : this.byKey.get(key);
		if (own == null && this.dynamic != null) {
			own = dynamic(this.dynamic, key);
		}
		if (own == null && !this.byType.isEmpty()) {
			own = this.byType.get(key.type());
		}
		return (own != null) ? own : this.standard;
	}

	/**
	 * A resolver that fails is no reason to fail, but none to use values again either.
	 */
	private static @Nullable Freshness dynamic(FreshnessResolver resolver, ResourceKey<?> key) {
		try {
			return resolver.resolve(key);
		}
		catch (RuntimeException ex) {
			logger.warn("Nobody knows how long {} is fresh; it is read anew", key, ex);
			return NEVER;
		}
	}

	int authority(ResourceKey<?> key, String source) {
		return this.authority.rank(key, source);
	}

	boolean isTooFarAhead(long observed, long now) {
		if (!this.rejectFuture || observed <= now) {
			return false;
		}
		long ahead = observed - now;
		return ahead < 0 || ahead > this.tolerance;
	}

	Duration refreshLimit() {
		return this.refreshLimit;
	}

}
