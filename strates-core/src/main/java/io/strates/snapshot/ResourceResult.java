package io.strates.snapshot;

import io.strates.StratesException;

/**
 * What became of one resource of a snapshot.
 *
 * @param <T> the type of the value
 * @since 0.1.0
 */
public sealed interface ResourceResult<T> {

	/**
	 * A resource that has a value.
	 *
	 * @param value the value
	 * @param <T> its type
	 * @since 0.1.0
	 */
	record Resolved<T>(SnapshotValue<T> value) implements ResourceResult<T> {
	}

	/**
	 * A resource that has none.
	 *
	 * @param error why
	 * @param <T> the type of the value
	 * @since 0.1.0
	 */
	record Failed<T>(StratesException error) implements ResourceResult<T> {
	}

}
