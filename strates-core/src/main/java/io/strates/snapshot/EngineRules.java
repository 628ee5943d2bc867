package io.strates.snapshot;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an application says of values: how long they are of use, how far sources are
 * trusted, and what is from the future.
 */
final class EngineRules {

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
			own = this.dynamic.resolve(key);
		}
		if (own == null && !this.byType.isEmpty()) {
			own = this.byType.get(key.type());
		}
		return (own != null) ? own : this.standard;
	}

	int authority(ResourceKey<?> key, String source) {
		return this.authority.rank(key, source);
	}

	boolean isTooFarAhead(long observed, long now) {
		return this.rejectFuture && observed - this.tolerance > now;
	}

	Duration refreshLimit() {
		return this.refreshLimit;
	}

}
