package io.strates.query;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.expression.AnnotatedElementKey;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.expression.EvaluationContext;

/**
 * Takes the pins that {@link Pinned} declares while a method runs.
 *
 * <p>
 * A pin that a method declares replaces the one that its class declares for the same
 * scope. Annotations are also found on the interfaces and superclasses of the target, and
 * as meta-annotations. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PinnedInterceptor implements MethodInterceptor {

	private final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

	private final Map<AnnotatedElementKey, List<DeclaredPin>> declared = new ConcurrentHashMap<>();

	private final Supplier<QueryService> queries;

	private final @Nullable Class<?> type;

	/**
	 * Creates an interceptor for beans whose own class, or its interfaces, are annotated.
	 * @param queries takes the pins; asked for with the first call
	 */
	public PinnedInterceptor(Supplier<QueryService> queries) {
		this.queries = queries;
		this.type = null;
	}

	/**
	 * Creates an interceptor for one repository, whose target class does not implement
	 * its interface.
	 * @param queries takes the pins; asked for with the first call
	 * @param repositoryInterface the interface that is annotated
	 */
	public PinnedInterceptor(Supplier<QueryService> queries, Class<?> repositoryInterface) {
		this.queries = queries;
		this.type = repositoryInterface;
	}

	/**
	 * Returns whether a method has to be intercepted.
	 * @param method the method, of a class or an interface
	 * @param targetClass the class that is called
	 * @return whether any pin is declared for it
	 */
	public static boolean matches(Method method, Class<?> targetClass) {
		return !find(method, targetClass).isEmpty();
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> targetClass = (this.type != null) ? this.type
				: AopUtils.getTargetClass(Objects.requireNonNull(target, "no target"));
		Method method = invocation.getMethod();
		List<DeclaredPin> pins = this.declared.computeIfAbsent(new AnnotatedElementKey(method, targetClass),
				(key) -> find(method, targetClass).stream().map((pin) -> DeclaredPin.of(pin, method)).toList());
		if (pins.isEmpty()) {
			return invocation.proceed();
		}
		EvaluationContext arguments = new MethodBasedEvaluationContext((target != null) ? target : invocation,
				AopUtils.getMostSpecificMethod(method, targetClass), invocation.getArguments(), this.parameterNames);
		List<PinRequest> requests = new ArrayList<>();
		pins.forEach((pin) -> requests.add(pin.request(arguments)));
		try (QueryService.PinHandle handle = this.queries.get().pin(requests)) {
			return invocation.proceed();
		}
	}

	private static List<Pinned> find(Method method, Class<?> targetClass) {
		if (method.getDeclaringClass() == Object.class) {
			return List.of();
		}
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		Map<String, Pinned> byScope = new LinkedHashMap<>();
		if (Modifier.isPublic(specific.getModifiers())) {
			collect(MergedAnnotations.from(targetClass, SearchStrategy.TYPE_HIERARCHY), byScope);
		}
		Map<String, Pinned> ofMethod = new LinkedHashMap<>();
		collect(MergedAnnotations.from(specific, SearchStrategy.TYPE_HIERARCHY), ofMethod);
		if (ofMethod.isEmpty() && !specific.equals(method)) {
			collect(MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY), ofMethod);
		}
		byScope.putAll(ofMethod);
		return List.copyOf(byScope.values());
	}

	/** The nearest declaration wins: it comes first in the search. */
	private static void collect(MergedAnnotations annotations, Map<String, Pinned> byScope) {
		annotations.stream(Pinned.class)
			.map(MergedAnnotation::synthesize)
			.forEach((pin) -> byScope.putIfAbsent(pin.scope(), pin));
	}

}
