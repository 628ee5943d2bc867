package io.strates.cache;

import java.util.Arrays;

/**
 * Turns the values of one type into bytes and back.
 *
 * @param <V> the type of the values
 * @implSpec Thread-safe. A decoded value shares nothing with any other. The bytes must
 * not be able to name a class: they come from outside the process.
 * @since 0.1.0
 */
public interface ValueCodec<V> {

	/**
	 * Encodes a value.
	 * @param value the value
	 * @return its bytes, at least one
	 * @throws IllegalArgumentException if the value cannot be encoded
	 */
	byte[] encode(V value);

	/**
	 * Decodes a value.
	 * @param bytes what {@link #encode} of a codec with the same fingerprint returned
	 * @return the value
	 * @throws IllegalArgumentException if the bytes do not hold a value
	 */
	V decode(byte[] bytes);

	/**
	 * Decodes a value that is surrounded by other bytes.
	 * @param bytes the bytes, which are not changed
	 * @param offset where those of the value begin
	 * @param length how many there are
	 * @return the value
	 * @throws IllegalArgumentException if the bytes do not hold a value
	 * @implSpec Copies the bytes of the value; a codec that needs no copy overrides this.
	 */
	default V decode(byte[] bytes, int offset, int length) {
		return decode(Arrays.copyOfRange(bytes, offset, offset + length));
	}

	/**
	 * Decodes the value of a key.
	 * @param key the text of the key that was asked for
	 * @param bytes the bytes, which are not changed
	 * @param offset where those of the value begin
	 * @param length how many there are
	 * @return the value
	 * @throws IllegalArgumentException if the bytes do not hold a value, or that of
	 * another key
	 * @implSpec Does not look at the key; a codec whose values tell their key overrides
	 * this, so that what got under another key is not taken for its value.
	 */
	default V decode(String key, byte[] bytes, int offset, int length) {
		return decode(bytes, offset, length);
	}

	/**
	 * Returns what tells this codec's bytes from those of another codec and of another
	 * layout of the type: it is part of the key, so that a new deployment never reads
	 * what an old one wrote in another form.
	 * @return a few characters of {@code [0-9A-Za-z]}
	 */
	String fingerprint();

}
