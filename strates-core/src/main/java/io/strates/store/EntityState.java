package io.strates.store;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The flat state of an entity: one basic value per column, in the order of the attributes
 * of its {@link EntityModel}, the id first. Shared by all readers: nobody changes a value
 * in it.
 *
 * @since 0.1.0
 */
public final class EntityState {

	private final @Nullable Object[] values;

	/** What it was encoded to, for the next who encodes it. */
	private volatile byte @Nullable [] encoded;

	private EntityState(@Nullable Object[] values) {
		this.values = values;
	}

	/**
	 * Takes values over.
	 * @param values the values, which the caller does not touch any more
	 * @return the state
	 */
	public static EntityState of(@Nullable Object[] values) {
		return new EntityState(values);
	}

	/**
	 * Returns a value.
	 * @param index the place of its attribute
	 * @return the value, which must not be changed
	 */
	public @Nullable Object value(int index) {
		return this.values[index];
	}

	/**
	 * Returns how many values there are.
	 * @return the number of attributes
	 */
	public int size() {
		return this.values.length;
	}

	/**
	 * Returns a copy with one value changed.
	 * @param index the place of its attribute
	 * @param value the new value
	 * @return the copy
	 */
	public EntityState with(int index, @Nullable Object value) {
		@Nullable Object[] copy = copy();
		copy[index] = value;
		return new EntityState(copy);
	}

	/** Keeps what the state was encoded to, until it is taken. */
	void keepEncoded(byte @Nullable [] bytes) {
		this.encoded = bytes;
	}

	/** Returns what was kept, at most once. */
	byte @Nullable [] takeEncoded() {
		byte[] bytes = this.encoded;
		if (bytes != null) {
			this.encoded = null;
		}
		return bytes;
	}

	@Nullable Object[] copy() {
		return Arrays.copyOf(this.values, this.values.length);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof EntityState that && Arrays.deepEquals(this.values, that.values);
	}

	@Override
	public int hashCode() {
		return Arrays.deepHashCode(this.values);
	}

	/** Without the values: some are secret. */
	@Override
	public String toString() {
		return "state of " + this.values.length + " attributes";
	}

}
