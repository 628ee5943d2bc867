package io.strates.cache.jackson;

import org.jspecify.annotations.Nullable;

/**
 * How values of one type are written: by their place alone, since whoever reads knows the
 * type.
 */
interface Form {

	/**
	 * Writes a value.
	 * @throws IllegalArgumentException if it cannot be written
	 */
	void write(@Nullable Object value, FormOutput out);

	/**
	 * Reads a value.
	 * @throws RuntimeException if the bytes do not hold one
	 */
	@Nullable Object read(FormInput in);

	/** Returns what tells this form from others; the same text for the same bytes. */
	String shape();

}
