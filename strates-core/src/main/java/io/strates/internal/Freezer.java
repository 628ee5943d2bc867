package io.strates.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Makes values of a type safe to share: what cannot change passes as it is, a collection
 * inside a record is replaced by an unmodifiable copy. A type whose values can change is
 * refused when the freezer is made.
 */
public final class Freezer {

	private static final UnaryOperator<Object> AS_IS = UnaryOperator.identity();

	private static final Set<Class<?>> IMMUTABLE = Set.of(String.class, Boolean.class, Character.class, Byte.class,
			Short.class, Integer.class, Long.class, Float.class, Double.class, BigInteger.class, BigDecimal.class,
			UUID.class, URI.class, Locale.class, Currency.class);

	private final Set<Class<?>> declared;

	private final String holder;

	private final Set<Class<?>> inside = new LinkedHashSet<>();

	private Freezer(String holder, Set<Class<?>> declared) {
		this.holder = holder;
		this.declared = declared;
	}

	/**
	 * Returns what makes the values of a type safe to share.
	 * @param holder what shares the values, for the message
	 * @param type the type
	 * @param declared types that the application declares to be immutable
	 * @return the function; it returns its argument where nothing can change
	 * @throws IllegalArgumentException if values of the type can change
	 */
	public static UnaryOperator<Object> of(String holder, Type type, Set<Class<?>> declared) {
		String path = (type instanceof Class<?> plain) ? plain.getSimpleName() : type.getTypeName();
		return new Freezer(holder, declared).freezer(type, path);
	}

	private UnaryOperator<Object> freezer(Type type, String path) {
		if (type instanceof WildcardType wildcard) {
			return freezer(wildcard.getUpperBounds()[0], path);
		}
		if (type instanceof ParameterizedType generic) {
			return generic(generic, path);
		}
		if (type instanceof GenericArrayType || !(type instanceof Class<?> plain)) {
			throw refused(type, path);
		}
		if (isImmutable(plain)) {
			return AS_IS;
		}
		if (plain.isRecord()) {
			return record(plain, path);
		}
		if (plain.isSealed()) {
			return oneOf(plain, path);
		}
		throw refused(plain, path);
	}

	private boolean isImmutable(Class<?> type) {
		return type.isPrimitive() || type.isEnum() || IMMUTABLE.contains(type) || this.declared.contains(type)
				|| type.getPackageName().startsWith("java.time");
	}

	private UnaryOperator<Object> generic(ParameterizedType type, String path) {
		Class<?> raw = (Class<?>) type.getRawType();
		Type[] arguments = type.getActualTypeArguments();
		if (raw == List.class || raw == Collection.class || raw == Iterable.class) {
			UnaryOperator<Object> element = freezer(arguments[0], path + "[]");
			return (value) -> Collections.unmodifiableList(copy((Iterable<?>) value, new ArrayList<>(), element));
		}
		if (raw == Set.class) {
			UnaryOperator<Object> element = freezer(arguments[0], path + "[]");
			return (value) -> Collections.unmodifiableSet(copy((Iterable<?>) value, new LinkedHashSet<>(), element));
		}
		if (raw == Map.class) {
			UnaryOperator<Object> key = freezer(arguments[0], path + ".key");
			UnaryOperator<Object> value = freezer(arguments[1], path + ".value");
			return (map) -> copy((Map<?, ?>) map, key, value);
		}
		if (raw.isRecord()) {
			return record(raw, path);
		}
		throw refused(type, path);
	}

	private static <C extends Collection<@Nullable Object>> C copy(Iterable<?> values, C copy,
			UnaryOperator<Object> element) {
		for (Object value : values) {
			copy.add(applied(element, value));
		}
		return copy;
	}

	private static Object copy(Map<?, ?> map, UnaryOperator<Object> key, UnaryOperator<Object> value) {
		Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
		map.forEach((mapKey, mapValue) -> copy.put(applied(key, mapKey), applied(value, mapValue)));
		return Collections.unmodifiableMap(copy);
	}

	private static @Nullable Object applied(UnaryOperator<Object> freezer, @Nullable Object value) {
		return (value != null) ? freezer.apply(value) : null;
	}

	private UnaryOperator<Object> record(Class<?> type, String path) {
		if (!this.inside.add(type)) {
			throw refused(type, path);
		}
		RecordComponent[] components = type.getRecordComponents();
		List<UnaryOperator<Object>> freezers = new ArrayList<>();
		for (RecordComponent component : components) {
			freezers.add(freezer(component.getGenericType(), path + "." + component.getName()));
		}
		this.inside.remove(type);
		if (freezers.stream().allMatch(AS_IS::equals)) {
			return AS_IS;
		}
		return new RecordCopy(type, components, freezers);
	}

	private UnaryOperator<Object> oneOf(Class<?> type, String path) {
		Map<Class<?>, UnaryOperator<Object>> freezers = new LinkedHashMap<>();
		for (Class<?> permitted : type.getPermittedSubclasses()) {
			freezers.put(permitted, freezer(permitted, path));
		}
		if (freezers.values().stream().allMatch(AS_IS::equals)) {
			return AS_IS;
		}
		return (value) -> freezers.getOrDefault(value.getClass(), AS_IS).apply(value);
	}

	private IllegalArgumentException refused(Type type, String path) {
		return new IllegalArgumentException(this.holder + " cannot share " + path + " of type " + type.getTypeName()
				+ ", whose values can change; use a record, an enum, a java.time type, a List, Set"
				+ " or Map of such, or declare the type as immutable");
	}

	/** Makes a record again, with frozen components. */
	private static final class RecordCopy implements UnaryOperator<Object> {

		private final Constructor<?> constructor;

		private final Method[] accessors;

		private final List<UnaryOperator<Object>> freezers;

		RecordCopy(Class<?> type, RecordComponent[] components, List<UnaryOperator<Object>> freezers) {
			try {
				this.constructor = type.getDeclaredConstructor(
						Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException("Record " + type.getName() + " has no canonical constructor", ex);
			}
			this.constructor.setAccessible(true);
			this.accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
			for (Method accessor : this.accessors) {
				accessor.setAccessible(true);
			}
			this.freezers = freezers;
		}

		@Override
		public Object apply(Object value) {
			try {
				@Nullable Object[] arguments = new @Nullable Object[this.accessors.length];
				for (int index = 0; index < arguments.length; index++) {
					arguments[index] = applied(this.freezers.get(index), this.accessors[index].invoke(value));
				}
				return this.constructor.newInstance(arguments);
			}
			catch (InvocationTargetException ex) {
				throw new IllegalArgumentException(value.getClass().getName() + " cannot be made again from its"
						+ " components: " + ex.getTargetException(), ex.getTargetException());
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(value.getClass().getName() + " cannot be copied", ex);
			}
		}

	}

}
