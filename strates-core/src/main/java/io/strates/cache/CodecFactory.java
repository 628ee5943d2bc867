package io.strates.cache;

import java.lang.reflect.Type;

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

	/**
	 * Makes the codec of a type that may have arguments, such as a list of records.
	 * @param type the type of the values
	 * @return its codec
	 * @throws IllegalArgumentException if values of the type cannot be encoded and
	 * decoded
	 */
	@SuppressWarnings("unchecked")
	default ValueCodec<Object> typeCodec(Type type) {
		if (type instanceof Class<?> plain) {
			return (ValueCodec<Object>) codec(plain);
		}
		throw new IllegalArgumentException(this + " makes no codec of " + type.getTypeName());
	}

}
