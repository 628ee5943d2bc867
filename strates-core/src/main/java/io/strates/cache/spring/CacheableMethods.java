package io.strates.cache.spring;

import java.io.Serializable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What the methods of an application answer that fill caches.
 *
 * @since 0.1.0
 */
public final class CacheableMethods {

	private static final Map<String, Boolean> REACTIVE = Map.of("reactor.core.publisher.Mono", false,
			"reactor.core.publisher.Flux", true);

	private CacheableMethods() {
	}

	/**
	 * Returns the types that the methods of all beans put into caches. A type that leaves
	 * open what its values are, such as {@code Object} or a list of anything, is not
	 * among them. No bean is made.
	 * @param beans the beans
	 * @param operations tells which methods use which caches
	 * @return the types by the name of the cache
	 */
	public static Map<String, Set<Type>> types(ConfigurableListableBeanFactory beans, CacheOperationSource operations) {
		Map<String, Set<Type>> types = new LinkedHashMap<>();
		for (String name : beans.getBeanDefinitionNames()) {
			Class<?> type = typeOf(beans, name);
			if (type != null && operations.isCandidateClass(type)) {
				collect(ClassUtils.getUserClass(type), operations, types);
			}
		}
		return types;
	}

	private static @Nullable Class<?> typeOf(ConfigurableListableBeanFactory beans, String name) {
		try {
			Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
			return (target != null) ? target : beans.getType(name, false);
		}
		catch (RuntimeException | LinkageError ex) {
			// A bean whose type nobody can tell has no methods that are known.
			return null;
		}
	}

	private static void collect(Class<?> type, CacheOperationSource operations, Map<String, Set<Type>> types) {
		Set<Method> methods = new LinkedHashSet<>(List.of(ReflectionUtils.getUniqueDeclaredMethods(type)));
		for (Class<?> face : ClassUtils.getAllInterfacesForClassAsSet(type)) {
			methods.addAll(List.of(face.getMethods()));
		}
		for (Method method : methods) {
			Collection<CacheOperation> found = operations.getCacheOperations(method, type);
			Type answered = (found != null) ? answered(ResolvableType.forMethodReturnType(method, type)) : null;
			if (found != null && answered != null) {
				found.stream()
					.filter((operation) -> !(operation instanceof CacheEvictOperation))
					.flatMap((operation) -> operation.getCacheNames().stream())
					.forEach((name) -> types.computeIfAbsent(name, (ignored) -> new LinkedHashSet<>()).add(answered));
			}
		}
	}

	/** Returns what Spring caches of an answer. */
	private static @Nullable Type answered(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (raw == Optional.class || raw == CompletableFuture.class
				|| Boolean.FALSE.equals(REACTIVE.get(raw.getName()))) {
			return answered(type.getGeneric(0));
		}
		ResolvableType kept = Boolean.TRUE.equals(REACTIVE.get(raw.getName()))
				? ResolvableType.forClassWithGenerics(List.class, type.getGeneric(0)) : type;
		if (raw.isPrimitive()) {
			return (raw != void.class) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : null;
		}
		return isComplete(kept) ? closed(kept) : null;
	}

	private static boolean isComplete(ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null || raw == Object.class || raw == Void.class || raw == Serializable.class) {
			return false;
		}
		if (raw.isArray()) {
			return isComplete(type.getComponentType());
		}
		if (raw.getTypeParameters().length != type.getGenerics().length) {
			return false;
		}
		for (ResolvableType argument : type.getGenerics()) {
			if (!isComplete(argument)) {
				return false;
			}
		}
		return true;
	}

	/** Returns the type with the variables of its declaration replaced. */
	private static Type closed(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (raw.isArray() && type.getComponentType().hasGenerics()) {
			return new ArrayOf(closed(type.getComponentType()));
		}
		if (!type.hasGenerics()) {
			return raw;
		}
		ResolvableType[] generics = type.getGenerics();
		Type[] arguments = new Type[generics.length];
		for (int index = 0; index < arguments.length; index++) {
			arguments[index] = closed(generics[index]);
		}
		return new Closed(raw, List.of(arguments));
	}

	/** A type with arguments. */
	private record Closed(Class<?> raw, List<Type> arguments) implements ParameterizedType {

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
			return this.raw.getDeclaringClass();
		}

		@Override
		public String getTypeName() {
			return this.raw.getName() + "<" + String.join(", ", this.arguments.stream().map(Type::getTypeName).toList())
					+ ">";
		}

	}

	/** An array of a type with arguments. */
	private record ArrayOf(Type component) implements GenericArrayType {

		@Override
		public Type getGenericComponentType() {
			return this.component;
		}

		@Override
		public String getTypeName() {
			return this.component.getTypeName() + "[]";
		}

	}

}
