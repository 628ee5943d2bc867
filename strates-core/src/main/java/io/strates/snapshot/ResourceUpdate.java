package io.strates.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A value that is published.
 *
 * @param key the resource
 * @param value the value
 * @param source who publishes it
 * @param observedAt when it was true, or {@code null} for now
 * @param metadata what else is worth knowing of it
 * @param <T> the type of the value
 * @since 0.1.0
 */
public record ResourceUpdate<T>(ResourceKey<T> key, T value, String source, @Nullable Instant observedAt,
		Map<String, Object> metadata) {

	/**
	 * Creates an update.
	 * @throws IllegalArgumentException if the source is blank
	 */
	public ResourceUpdate {
		Objects.requireNonNull(key, "key");
		Objects.requireNonNull(value, "value");
		source = source.strip();
		if (source.isEmpty()) {
			throw new IllegalArgumentException("The source of an update of " + key + " is blank; name it");
		}
		metadata = Map.copyOf(metadata);
	}

	/**
	 * Returns an update of now.
	 * @param key the resource
	 * @param value the value
	 * @param source who publishes it
	 * @param <T> the type of the value
	 * @return the update
	 * @throws IllegalArgumentException if the source is blank
	 */
	public static <T> ResourceUpdate<T> of(ResourceKey<T> key, T value, String source) {
		return new ResourceUpdate<>(key, value, source, null, Map.of());
	}

	/**
	 * Returns this update with the time of its observation.
	 * @param time when the value was true
	 * @return the update
	 */
	public ResourceUpdate<T> observedAt(Instant time) {
		return new ResourceUpdate<>(this.key, this.value, this.source, time, this.metadata);
	}

	/**
	 * Returns this update with metadata.
	 * @param values what is worth knowing of the value
	 * @return the update
	 */
	public ResourceUpdate<T> metadata(Map<String, ?> values) {
		return new ResourceUpdate<>(this.key, this.value, this.source, this.observedAt, Map.copyOf(values));
	}

}
