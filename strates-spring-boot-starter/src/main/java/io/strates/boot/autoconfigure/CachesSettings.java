package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.strates.boot.autoconfigure.StratesProperties.Cache.Defaults;
import io.strates.cache.CacheSettings;
import org.jspecify.annotations.Nullable;

/** What properties say of caches. */
final class CachesSettings {

	private CachesSettings() {
	}

	/** Changes what is set, and names the property that is wrong. */
	static CacheSettings with(CacheSettings settings, Defaults set, String prefix) {
		CacheSettings changed = settings;
		changed = with(changed, set.maximum(), prefix, "maximum", CacheSettings::withLocalMaximum);
		changed = with(changed, set.localTimeToLive(), prefix, "local-time-to-live",
				CacheSettings::withLocalTimeToLive);
		changed = with(changed, set.remoteTimeToLive(), prefix, "remote-time-to-live",
				CacheSettings::withRemoteTimeToLive);
		changed = with(changed, positive(set.absentTimeToLive(), prefix), prefix, "absent-time-to-live",
				CacheSettings::withAbsentTimeToLive);
		changed = with(changed, set.jitter(), prefix, "jitter", CacheSettings::withJitter);
		changed = with(changed, set.loadTimeout(), prefix, "load-timeout", CacheSettings::withLoadTimeout);
		// Before the one that needs it.
		changed = with(changed, set.maxStale(), prefix, "max-stale", CacheSettings::withMaxStale);
		changed = with(changed, set.softTimeout(), prefix, "soft-timeout", CacheSettings::withSoftTimeout);
		changed = with(changed, set.refreshAhead(), prefix, "refresh-ahead", CacheSettings::withRefreshAhead);
		return with(changed, set.oneLoadPerCluster(), prefix, "one-load-per-cluster",
				CacheSettings::withOneLoadPerCluster);
	}

	private static @Nullable Duration positive(@Nullable Duration absent, String prefix) {
		if (absent != null && absent.isZero()) {
			throw new StratesStartException("Property " + prefix + ".absent-time-to-live is zero",
					"Change " + prefix
							+ ".absent-time-to-live to a positive duration; or remove it, so that null is kept"
							+ " as any value; or keep no null with @Cacheable(unless = \"#result == null\").");
		}
		return absent;
	}

	private static <S> CacheSettings with(CacheSettings settings, @Nullable S value, String prefix, String name,
			Change<S> change) {
		if (value == null) {
			return settings;
		}
		try {
			return change.apply(settings, value);
		}
		catch (IllegalArgumentException ex) {
			throw new StratesStartException(
					"Property " + prefix + "." + name + " has the value '" + value + "': " + ex.getMessage(),
					"Change " + prefix + "." + name + ".", ex);
		}
	}

	/** Changes one setting. */
	private interface Change<S> {

		CacheSettings apply(CacheSettings settings, S value);

	}

}
