package io.strates.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a batch source answers: a value or a failure for each key that it knows.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class BatchAnswer<T> {

	private final Map<ResourceKey<T>, SourcePayload<T>> payloads = new LinkedHashMap<>();

	private final Map<ResourceKey<T>, Exception> failures = new LinkedHashMap<>();

	/**
	 * Creates an answer for no key yet.
	 */
	public BatchAnswer() {
	}

	/**
	 * Returns an answer of values that are observed now.
	 * @param values the values
	 * @param <T> their type
	 * @return the answer
	 */
	public static <T> BatchAnswer<T> of(Map<ResourceKey<T>, ? extends T> values) {
		BatchAnswer<T> answer = new BatchAnswer<>();
		values.forEach((key, value) -> answer.add(key, SourcePayload.of(value)));
		return answer;
	}

	/**
	 * Adds a value.
	 * @param key the key
	 * @param payload the value
	 * @return this answer
	 */
	public BatchAnswer<T> add(ResourceKey<T> key, SourcePayload<T> payload) {
		this.payloads.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(payload, "payload"));
		this.failures.remove(key);
		return this;
	}

	/**
	 * Adds the failure of one key, which goes to the next source; the others are not
	 * concerned.
	 * @param key the key
	 * @param failure why there is no value
	 * @return this answer
	 */
	public BatchAnswer<T> fail(ResourceKey<T> key, Exception failure) {
		this.failures.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(failure, "failure"));
		this.payloads.remove(key);
		return this;
	}

	Map<ResourceKey<T>, SourcePayload<T>> payloads() {
		return Collections.unmodifiableMap(this.payloads);
	}

	Map<ResourceKey<T>, Exception> failures() {
		return Collections.unmodifiableMap(this.failures);
	}

}
