package io.strates.snapshot;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

import io.strates.internal.Freezer;

/**
 * Keeps holders of a value from changing it for others: values that cannot change are
 * shared, others are copied by a copier that the application gives, or refused.
 */
final class Isolation {

	private final Map<Class<?>, UnaryOperator<Object>> copiers;

	private final Set<Class<?>> immutable;

	private final ConcurrentMap<ResourceType<?>, Rule> rules = new ConcurrentHashMap<>();

	Isolation(Map<Class<?>, UnaryOperator<Object>> copiers, Set<Class<?>> immutable) {
		this.copiers = Map.copyOf(copiers);
		this.immutable = Set.copyOf(immutable);
	}

	/**
	 * What is done with values of a type.
	 *
	 * @param in on their way from a source
	 * @param out on their way to a reader
	 * @param copies whether {@code out} does anything
	 */
	record Rule(UnaryOperator<Object> in, UnaryOperator<Object> out, boolean copies) {
	}

	/**
	 * Returns the rule of a type.
	 * @throws ValueIsolationException if values can change, and no copier is known
	 */
	Rule rule(ResourceType<?> type) {
		Rule known = this.rules.get(type);
		return (known != null) ? known : this.rules.computeIfAbsent(type, this::made);
	}

	private Rule made(ResourceType<?> type) {
		UnaryOperator<Object> copier = this.copiers.get(type.valueType());
		if (copier != null) {
			return new Rule(copier, copier, true);
		}
		try {
			return new Rule(Freezer.of("Resource type " + type, type.genericType(), this.immutable),
					UnaryOperator.identity(), false);
		}
		catch (IllegalArgumentException ex) {
			throw new ValueIsolationException(ex.getMessage() + ", or give a copier", ex);
		}
	}

	Object in(ResourceKey<?> key, Object value) {
		Rule rule = rule(key.type());
		try {
			return rule.in().apply(key.type().valueType().cast(value));
		}
		catch (ClassCastException ex) {
			throw new SourceProtocolException("The value of " + key + " is a " + value.getClass().getName()
					+ ", but its type says " + key.type().valueType().getName(), ex);
		}
		catch (RuntimeException ex) {
			throw new ValueIsolationException(
					"The value of " + key + ", a " + value.getClass().getName() + ", cannot be copied: " + ex, ex);
		}
	}

	<T> T out(ResourceKey<T> key, T value) {
		Rule rule = rule(key.type());
		return rule.copies() ? key.type().cast(rule.out().apply(value)) : value;
	}

}
