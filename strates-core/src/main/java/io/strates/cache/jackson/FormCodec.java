package io.strates.cache.jackson;

import java.util.Objects;

import io.strates.cache.ValueCodec;

/** A codec of values that have a form. */
/*
 * Bytes of L2 may be anything: whatever fails while they are read, the constructor of a
 * record included, tells that they hold no value.
 */
record FormCodec<V>(String described, Form form, String fingerprint) implements ValueCodec<V> {

	@Override
	public byte[] encode(V value) {
		FormOutput out = new FormOutput();
		try {
			this.form.write(value, out);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("A " + this.described + " cannot be encoded: " + ex.getMessage(), ex);
		}
		return out.toBytes();
	}

	@Override
	public V decode(byte[] bytes) {
		return decode(bytes, 0, bytes.length);
	}

	@Override
	@SuppressWarnings("unchecked")
	public V decode(byte[] bytes, int offset, int length) {
		FormInput in = new FormInput(bytes, offset, length);
		try {
			Object value = Objects.requireNonNull(this.form.read(in));
			in.requireEnd();
			return (V) value;
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("The bytes hold no " + this.described + ": " + ex.getMessage(), ex);
		}
	}

}
