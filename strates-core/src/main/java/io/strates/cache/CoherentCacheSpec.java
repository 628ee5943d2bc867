package io.strates.cache;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link CoherentCache} is to be like.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param name names the cache in keys, statistics and messages
 * @param keyText the text of a key, which no other key has
 * @param codec writes values for the second tier, or {@code null} for none: its bytes
 * stay out of it, its fences do not
 * @param tags the tags of a value, with which it can be invalidated together with others
 * @param settings how long and how much is kept
 * @param evicted told of values that the memory of the node has given up for want of
 * room, soon after, by a thread of the tiers; what it throws is logged
 * @since 0.1.0
 */
public record CoherentCacheSpec<K, V>(String name, Function<? super K, String> keyText, @Nullable ValueCodec<V> codec,
		Function<? super V, Set<String>> tags, CacheSettings settings, @Nullable Consumer<? super V> evicted) {

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if the name is blank
	 */
	public CoherentCacheSpec {
		Objects.requireNonNull(keyText, "keyText");
		Objects.requireNonNull(tags, "tags");
		Objects.requireNonNull(settings, "settings");
		if (name.isBlank()) {
			throw new IllegalArgumentException("The name of a cache is blank; it is part of its keys");
		}
	}

	/**
	 * Creates a specification that tells nobody of evictions.
	 * @param name names the cache in keys, statistics and messages
	 * @param keyText the text of a key, which no other key has
	 * @param codec writes values for the second tier, or {@code null}
	 * @param tags the tags of a value
	 * @param settings how long and how much is kept
	 */
	public CoherentCacheSpec(String name, Function<? super K, String> keyText, @Nullable ValueCodec<V> codec,
			Function<? super V, Set<String>> tags, CacheSettings settings) {
		this(name, keyText, codec, tags, settings, null);
	}

	/**
	 * Returns a specification without tags.
	 * @param name names the cache in keys, statistics and messages
	 * @param keyText the text of a key, which no other key has
	 * @param codec writes values for the second tier, or {@code null}
	 * @param settings how long and how much is kept
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @return the specification
	 */
	public static <K, V> CoherentCacheSpec<K, V> of(String name, Function<? super K, String> keyText,
			@Nullable ValueCodec<V> codec, CacheSettings settings) {
		return new CoherentCacheSpec<>(name, keyText, codec, (value) -> Set.of(), settings);
	}

}
