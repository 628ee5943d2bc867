package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import io.strates.cache.CacheSettings;

import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * How a {@link TieredStore} is to be. Each {@code with} method returns a copy with one
 * setting changed.
 *
 * @param name names the store in keys, statistics and properties
 * @param cache how long and how much its tiers keep
 * @param writeMode when a write reaches the tiers
 * @param tags the attributes whose values are tags
 * @since 0.1.0
 */
public record TieredSettings(String name, CacheSettings cache, WriteMode writeMode, List<String> tags) {

	/** How long something is kept that is never to go by itself: 100 years. */
	public static final Duration NEVER = Duration.ofDays(36_500);

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if the name is blank
	 */
	public TieredSettings {
		Objects.requireNonNull(cache, "cache");
		Objects.requireNonNull(writeMode, "writeMode");
		tags = List.copyOf(tags);
		if (name.isBlank()) {
			throw new IllegalArgumentException("The name of a store is blank; it is part of its keys");
		}
	}

	/**
	 * Reads what an entity's annotation says; without one, everything is as by default.
	 * @param type the class of the entity
	 * @return the settings
	 * @throws IllegalArgumentException if the annotation says something that is not
	 * possible
	 */
	public static TieredSettings of(Class<?> type) {
		Tiered tiered = type.getAnnotation(Tiered.class);
		if (tiered == null) {
			return new TieredSettings(snakeCase(type.getSimpleName()), CacheSettings.DEFAULT, WriteMode.WRITE_THROUGH,
					List.of());
		}
		try {
			CacheSettings defaults = CacheSettings.DEFAULT;
			CacheSettings cache = defaults
				.withLocalTimeToLive(duration("localTimeToLive", tiered.localTimeToLive(), defaults.localTimeToLive()))
				.withRemoteTimeToLive(
						duration("remoteTimeToLive", tiered.remoteTimeToLive(), defaults.remoteTimeToLive()))
				.withAbsentTimeToLive(
						duration("absentTimeToLive", tiered.absentTimeToLive(), defaults.absentTimeToLive()))
				.withLocalMaximum((tiered.maximum() != 0) ? tiered.maximum() : defaults.localMaximum());
			String name = tiered.name().isEmpty() ? snakeCase(type.getSimpleName()) : tiered.name();
			return new TieredSettings(name, cache, tiered.writeMode(), List.of(tiered.tags()));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("@Tiered of " + type.getName() + ": " + ex.getMessage(), ex);
		}
	}

	private static Duration duration(String name, String text, Duration defaultValue) {
		if (text.isEmpty()) {
			return defaultValue;
		}
		if (text.equals("never")) {
			return NEVER;
		}
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(text);
			return duration.isZero() ? defaultValue : duration;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					name + " is '" + text + "'; write a duration such as 90s, 5m or PT5M, or never", ex);
		}
	}

	/** {@code HTTPServer} becomes {@code http_server}. */
	static String snakeCase(String name) {
		return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
			.replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
			.toLowerCase(Locale.ROOT);
	}

	/**
	 * Sets the name.
	 * @param value the new setting
	 * @return a copy
	 */
	public TieredSettings withName(String value) {
		return new TieredSettings(value, this.cache, this.writeMode, this.tags);
	}

	/**
	 * Sets how long and how much the tiers keep.
	 * @param value the new setting
	 * @return a copy
	 */
	public TieredSettings withCache(CacheSettings value) {
		return new TieredSettings(this.name, value, this.writeMode, this.tags);
	}

	/**
	 * Sets when a write reaches the tiers.
	 * @param value the new setting
	 * @return a copy
	 */
	public TieredSettings withWriteMode(WriteMode value) {
		return new TieredSettings(this.name, this.cache, value, this.tags);
	}

}
