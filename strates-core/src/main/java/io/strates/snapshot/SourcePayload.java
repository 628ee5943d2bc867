package io.strates.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a source answers for one key.
 *
 * @param value the value
 * @param observedAt when it was true, or {@code null} for the time of the answer
 * @param metadata what else is worth knowing of it
 * @param <T> the type of the value
 * @since 0.1.0
 */
public record SourcePayload<T>(T value, @Nullable Instant observedAt, Map<String, Object> metadata) {

	/**
	 * Creates a payload.
	 * @throws NullPointerException if the value is {@code null}; a source that has none
	 * throws {@link SourceUnavailableException}
	 */
	public SourcePayload {
		Objects.requireNonNull(value, "A source answers with a value, or throws SourceUnavailableException");
		metadata = Map.copyOf(metadata);
	}

	/**
	 * Returns a value that is observed now.
	 * @param value the value
	 * @param <T> its type
	 * @return the payload
	 */
	public static <T> SourcePayload<T> of(T value) {
		return new SourcePayload<>(value, null, Map.of());
	}

	/**
	 * Returns a value that was observed at a time.
	 * @param value the value
	 * @param observedAt when it was true
	 * @param <T> its type
	 * @return the payload
	 */
	public static <T> SourcePayload<T> observed(T value, Instant observedAt) {
		return new SourcePayload<>(value, observedAt, Map.of());
	}

	/**
	 * Returns this payload with metadata.
	 * @param added what is worth knowing, instead of what was there
	 * @return the payload
	 */
	public SourcePayload<T> withMetadata(Map<String, Object> added) {
		return new SourcePayload<>(this.value, this.observedAt, added);
	}

}
