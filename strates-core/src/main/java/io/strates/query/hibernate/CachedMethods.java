package io.strates.query.hibernate;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.strates.query.Pinned;
import org.jspecify.annotations.Nullable;

import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.core.RepositoryInformation;

/** Which methods of a repository can be answered from what is kept. */
final class CachedMethods {

	private static final String SPRING_DATA = "org.springframework.data.";

	private final Map<Method, Kind> kinds;

	private CachedMethods(Map<Method, Kind> kinds) {
		this.kinds = kinds;
	}

	/** What a method does. */
	enum Kind {

		FIND("findById"), FIND_ALL("findAllById"), EXISTS("existsById");

		private final String method;

		Kind(String method) {
			this.method = method;
		}

		boolean isOf(Method method) {
			return method.getName().equals(this.method) && method.getParameterCount() == 1;
		}

		/** Whether a method returns what those of Spring Data do. */
		boolean isUsual(Method method) {
			Class<?> returned = method.getReturnType();
			return switch (this) {
				case FIND -> returned == Optional.class;
				case FIND_ALL -> returned == List.class || returned == Iterable.class;
				case EXISTS -> returned == boolean.class;
			};
		}

	}

	static CachedMethods of(RepositoryInformation repository) {
		Method[] methods = repository.getRepositoryInterface().getMethods();
		Set<Kind> kept = EnumSet.allOf(Kind.class);
		kept.removeIf((kind) -> Arrays.stream(methods)
			.filter(kind::isOf)
			.anyMatch((method) -> !kind.isUsual(method) || !isAsEver(method, repository)));
		if (!kept.contains(Kind.FIND) || !CrudRepository.class.isAssignableFrom(repository.getRepositoryInterface())) {
			// It asks whether anything is found.
			kept.remove(Kind.EXISTS);
		}
		return new CachedMethods(kept.stream()
			.flatMap((kind) -> Arrays.stream(methods).filter(kind::isOf).map((method) -> Map.entry(method, kind)))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
	}

	/** Neither declared anew in another way nor implemented by anybody else. */
	private static boolean isAsEver(Method method, RepositoryInformation repository) {
		if (method.isBridge()) {
			return true;
		}
		boolean own = !method.getDeclaringClass().getName().startsWith(SPRING_DATA);
		return !(own && (method.isDefault() || isAnnotated(method))) && repository.isBaseClassMethod(method)
				&& !repository.isCustomMethod(method)
				&& repository.getTargetClassMethod(method).getDeclaringClass() == StratifiedJpaRepository.class;
	}

	private static boolean isAnnotated(Method method) {
		return Arrays.stream(method.getAnnotations())
			.anyMatch((annotation) -> !(annotation instanceof Pinned) && !(annotation instanceof Pinned.List));
	}

	boolean isEmpty() {
		return this.kinds.isEmpty();
	}

	@Nullable Kind kind(Method method) {
		return this.kinds.get(method);
	}

}
