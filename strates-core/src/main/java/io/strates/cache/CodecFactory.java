package io.strates.cache;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Makes the codecs of what the second tier holds.
 *
 * @implSpec Thread-safe. Called when a cache is made, not when it is used.
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
	 * Makes a codec of rows: arrays whose elements have a type by their place.
	 * @param layout describes what the places mean; another layout has another
	 * fingerprint
	 * @param types the types of the elements, each of which may be {@code null}
	 * @return the codec
	 * @throws IllegalArgumentException if such rows cannot be encoded and decoded
	 */
	default ValueCodec<@Nullable Object[]> rowCodec(String layout, List<? extends Type> types) {
		throw new IllegalArgumentException(this + " makes no codecs of rows; tiered stores need one that does");
	}

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
