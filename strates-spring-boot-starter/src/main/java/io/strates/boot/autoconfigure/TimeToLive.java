package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.strates.store.TieredSettings;

import org.springframework.boot.convert.DurationStyle;

/**
 * How long something is kept, as properties say it: a duration, or {@code never} for no
 * end, as in {@link io.strates.store.Tiered}.
 */
record TimeToLive(Duration duration) {

	/** Spring Boot's conversion calls it. */
	public static TimeToLive valueOf(String text) {
		if (text.equals("never")) {
			return new TimeToLive(TieredSettings.NEVER);
		}
		try {
			return new TimeToLive(DurationStyle.detectAndParse(text));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'" + text + "' is no time to live; use a duration such as 90s, 5m or PT5M, or never", ex);
		}
	}

	@Override
	public String toString() {
		return this.duration.toMillis() + "ms";
	}

}
