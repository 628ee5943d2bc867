package io.strates.cache.spring;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * A type that values of a cache are declared to have.
 */
final class ValueType {

	private final Type type;

	private final Class<?> raw;

	private final @Nullable ValueCodec<Object> codec;

	private final @Nullable UnaryOperator<Object> freezer;

	private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a type.
	 * @param type the type
	 * @param raw its class
	 * @param codec writes its values, or {@code null} if nothing does
	 * @param freezer makes its values safe to share, or {@code null} if they can change
	 */
	ValueType(Type type, Class<?> raw, @Nullable ValueCodec<Object> codec, @Nullable UnaryOperator<Object> freezer) {
		this.type = type;
		this.raw = raw;
		this.codec = codec;
		this.freezer = freezer;
	}

	Class<?> raw() {
		return this.raw;
	}

	@Nullable ValueCodec<Object> codec() {
		return this.codec;
	}

	/** Whether values are kept at all: shared, or as bytes. */
	boolean isKept() {
		return this.freezer != null || this.codec != null;
	}

	Held held(Object value) {
		if (this.freezer != null) {
			return new Held.Shared(this.freezer.apply(value), this);
		}
		ValueCodec<Object> bytes = required();
		byte[] encoded = bytes.encode(value);
		if (!this.checked.contains(value.getClass())) {
			check(value, bytes.decode(encoded));
		}
		return new Held.Encoded(encoded, this, new AtomicReference<>());
	}

	/** A type that loses something on the way is found by its first value. */
	private void check(Object value, Object decoded) {
		boolean collection = this.raw.isInterface() && this.raw.getPackageName().equals("java.util");
		if (!collection && decoded.getClass() != value.getClass()) {
			throw new IllegalArgumentException("A " + value.getClass().getName() + " comes back from its bytes as a "
					+ decoded.getClass().getName() + ", since the declared type is " + this.type.getTypeName());
		}
		this.checked.add(value.getClass());
	}

	/** Returns what to hold of bytes, which are read now to know that they can be. */
	Held held(byte[] bytes) {
		Object value = decode(bytes);
		return (this.freezer != null) ? new Held.Shared(this.freezer.apply(value), this)
				: new Held.Encoded(bytes, this, new AtomicReference<>(value));
	}

	Object decode(byte[] bytes) {
		return required().decode(bytes);
	}

	private ValueCodec<Object> required() {
		if (this.codec == null) {
			throw new IllegalArgumentException("There is no codec of " + this.type.getTypeName());
		}
		return this.codec;
	}

	/** Returns a shared value as its caller may expect it: a collection of its own. */
	Object own(Object frozen) {
		if (this.raw == Set.class) {
			return new LinkedHashSet<>((Set<?>) frozen);
		}
		if (this.raw == Map.class) {
			return new LinkedHashMap<>((Map<?, ?>) frozen);
		}
		return Iterable.class.isAssignableFrom(this.raw) && this.raw.getPackageName().startsWith("java.")
				? new ArrayList<>((Collection<?>) frozen) : frozen;
	}

	@Override
	public String toString() {
		return this.type.getTypeName();
	}

}
