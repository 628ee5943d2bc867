package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.strates.cache.CacheSettings;
import org.jspecify.annotations.Nullable;

/** Changes the settings of caches as properties say. */
final class CacheSettingsMapper {

	private CacheSettingsMapper() {
	}

	/** Changes what is set, and names the property that is wrong. */
	static CacheSettings with(CacheSettings settings, StratesProperties.CacheAttributes set, String prefix) {
		CacheSettings changed = settings;
		changed = with(changed, set.maximum(), prefix, "maximum", CacheSettings::withLocalMaximum);
		changed = with(changed, set.localTimeToLive(), prefix, "local-time-to-live",
				CacheSettings::withLocalTimeToLive);
		changed = with(changed, set.remoteTimeToLive(), prefix, "remote-time-to-live",
				CacheSettings::withRemoteTimeToLive);
		changed = with(changed, set.absentTimeToLive(), prefix, "absent-time-to-live",
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
					"Property " + prefix + "." + name + " has the value '" + text(value) + "': " + ex.getMessage(),
					"Change " + prefix + "." + name + ".", ex);
		}
	}

	private static String text(Object value) {
		return (value instanceof Duration duration) ? duration.toMillis() + "ms" : value.toString();
	}

	/** Changes one setting. */
	private interface Change<S> {

		CacheSettings apply(CacheSettings settings, S value);

	}

}
