package io.strates.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * What an {@link ImmutableCache} is to be like.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param name names the cache in keys, statistics and messages
 * @param valueType the type of the values
 * @param group the group that a key belongs to and is removed with
 * @param keyText the text of a key, unambiguous inside its group
 * @param maximumSize how many keys L1 holds at most
 * @param remoteTimeToLive how long L2 may keep a value
 * @param loadTimeout how long a reader waits for the load of another
 * @since 0.1.0
 */
public record ImmutableCacheSpec<K, V>(String name, Class<V> valueType, Function<? super K, String> group,
		Function<? super K, String> keyText, long maximumSize, Duration remoteTimeToLive, Duration loadTimeout) {

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if a number or a time is not positive
	 */
	public ImmutableCacheSpec {
		Objects.requireNonNull(name, "name");
		if (maximumSize < 1) {
			throw new IllegalArgumentException(
					"Cache '" + name + "' cannot hold " + maximumSize + " keys; set at least 1");
		}
		requirePositive(name, "the time to live in L2", remoteTimeToLive);
		requirePositive(name, "the time limit of a load", loadTimeout);
	}

	String text(K key) {
		return CacheKeys.join(this.group.apply(key), this.keyText.apply(key));
	}

	private static void requirePositive(String name, String what, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(
					"Cache '" + name + "': " + what + " is " + value + "; set a positive duration");
		}
	}

}
