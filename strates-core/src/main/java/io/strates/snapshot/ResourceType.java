package io.strates.snapshot;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A kind of resource, such as the price of a product: a namespace, a name, and the type
 * of the values. Declare it once as a constant, and make the keys from it.
 *
 * <p>
 * Types are equal if namespace and name are, as keys are.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class ResourceType<T> {

	private final String namespace;

	private final String name;

	private final Class<? super T> valueType;

	private final Type genericType;

	private final KeyNormalizer normalizer;

	private ResourceType(String namespace, String name, Class<? super T> valueType, Type genericType,
			KeyNormalizer normalizer) {
		this.namespace = named("namespace", normalizer.namespace().apply(namespace));
		this.name = named("name", normalizer.name().apply(name));
		this.valueType = valueType;
		this.genericType = genericType;
		this.normalizer = normalizer;
	}

	/**
	 * Creates a type, whose keys are trimmed.
	 * @param namespace keeps the types of one subject together, such as {@code catalog}
	 * @param name names the type in its namespace
	 * @param valueType the type of the values
	 * @param <T> the type of the values
	 * @return the type
	 * @throws IllegalArgumentException if namespace or name is blank
	 */
	public static <T> ResourceType<T> of(String namespace, String name, Class<T> valueType) {
		return new ResourceType<>(namespace, name, valueType, valueType, KeyNormalizer.trimming());
	}

	/**
	 * Creates a type whose values are lists.
	 * @param namespace keeps the types of one subject together
	 * @param name names the type in its namespace
	 * @param elementType the type of the elements
	 * @param <E> the type of the elements
	 * @return the type
	 * @throws IllegalArgumentException if namespace or name is blank
	 */
	public static <E> ResourceType<List<E>> listOf(String namespace, String name, Class<E> elementType) {
		return new ResourceType<>(namespace, name, List.class, Arguments.of(List.class, elementType),
				KeyNormalizer.trimming());
	}

	/**
	 * Creates a type whose values are sets.
	 * @param namespace keeps the types of one subject together
	 * @param name names the type in its namespace
	 * @param elementType the type of the elements
	 * @param <E> the type of the elements
	 * @return the type
	 * @throws IllegalArgumentException if namespace or name is blank
	 */
	public static <E> ResourceType<Set<E>> setOf(String namespace, String name, Class<E> elementType) {
		return new ResourceType<>(namespace, name, Set.class, Arguments.of(Set.class, elementType),
				KeyNormalizer.trimming());
	}

	/**
	 * Creates a type whose values are maps.
	 * @param namespace keeps the types of one subject together
	 * @param name names the type in its namespace
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @return the type
	 * @throws IllegalArgumentException if namespace or name is blank
	 */
	public static <K, V> ResourceType<Map<K, V>> mapOf(String namespace, String name, Class<K> keyType,
			Class<V> valueType) {
		return new ResourceType<>(namespace, name, Map.class, Arguments.of(Map.class, keyType, valueType),
				KeyNormalizer.trimming());
	}

	/**
	 * Returns this type with another normaliser for it and its keys.
	 * @param other the normaliser
	 * @return the type
	 * @throws IllegalArgumentException if namespace or name is blank after it
	 */
	public ResourceType<T> normalizedBy(KeyNormalizer other) {
		return new ResourceType<>(this.namespace, this.name, this.valueType, this.genericType, other);
	}

	private static String named(String what, String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("The " + what + " of a resource type is blank; name it");
		}
		return text;
	}

	/**
	 * Returns the namespace, normalised.
	 * @return the namespace
	 */
	public String namespace() {
		return this.namespace;
	}

	/**
	 * Returns the name, normalised.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the type of the values.
	 * @return the class, raw if the type has parameters
	 */
	public Class<? super T> valueType() {
		return this.valueType;
	}

	Type genericType() {
		return this.genericType;
	}

	KeyNormalizer normalizer() {
		return this.normalizer;
	}

	/**
	 * Returns the key of the only resource of this type.
	 * @return the key, without subject and qualifiers
	 */
	public ResourceKey<T> key() {
		return key("");
	}

	/**
	 * Returns the key of the resource of one subject.
	 * @param subject what the resource is about, as text
	 * @return the key, without qualifiers
	 */
	public ResourceKey<T> key(Object subject) {
		return key(subject, Map.of());
	}

	/**
	 * Returns the key of a resource of one subject.
	 * @param subject what the resource is about, as text
	 * @param qualifiers tell resources of one subject apart; values are taken as text
	 * @return the key
	 * @throws IllegalArgumentException if the name of a qualifier is blank, or two are
	 * equal once normalised
	 */
	public ResourceKey<T> key(Object subject, Map<String, ?> qualifiers) {
		return ResourceKey.of(this, subject, qualifiers);
	}

	@SuppressWarnings("unchecked")
	T cast(Object value) {
		return (T) this.valueType.cast(value);
	}

	/** The arguments of a collection's type. */
	private record Arguments(Class<?> raw, List<Type> arguments) implements ParameterizedType {

		static ParameterizedType of(Class<?> raw, Type... arguments) {
			return new Arguments(raw, List.of(arguments));
		}

		@Override
		public Type[] getActualTypeArguments() {
			return this.arguments.toArray(Type[]::new);
		}

		@Override
		public Type getRawType() {
			return this.raw;
		}

		@Override
		public @Nullable Type getOwnerType() {
			return null;
		}

	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ResourceType<?> type && this.namespace.equals(type.namespace)
				&& this.name.equals(type.name);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.namespace, this.name);
	}

	@Override
	public String toString() {
		return this.namespace + ":" + this.name;
	}

}
