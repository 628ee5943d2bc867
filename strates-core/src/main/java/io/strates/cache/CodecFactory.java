package io.strates.cache;

/**
 * Makes the codec of a type.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CodecFactory {

	/**
	 * Makes the codec of a type.
	 * @param type the type of the values
	 * @param <V> the type of the values
	 * @return its codec
	 * @throws IllegalArgumentException if values of the type cannot be encoded and
	 * decoded
	 */
	<V> ValueCodec<V> codec(Class<V> type);

}
