package io.strates.query.hibernate;

import org.jspecify.annotations.Nullable;

/**
 * What a row of an entity holds, taken apart: nothing in it is an entity, and nothing in
 * it is ever changed.
 */
final class FlatState {

	private final int variant;

	private final @Nullable Object[] values;

	/**
	 * Creates a state.
	 * @param variant which class of the hierarchy the row is of
	 * @param values its values, in the order of the layout of that class
	 */
	FlatState(int variant, @Nullable Object[] values) {
		this.variant = variant;
		this.values = values;
	}

	int variant() {
		return this.variant;
	}

	@Nullable Object[] values() {
		return this.values;
	}

}
