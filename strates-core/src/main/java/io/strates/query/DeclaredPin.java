package io.strates.query;

import java.lang.reflect.Method;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;

/** A {@link Pinned} annotation whose expressions are parsed. */
record DeclaredPin(String where, String scope, Expression scopeId, @Nullable Expression release,
		@Nullable Expression asOf, @Nullable Expression build) {

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	static DeclaredPin of(Pinned pinned, Method method) {
		String scopeId = pinned.scopeId();
		boolean literal = scopeId.indexOf('#') < 0 && scopeId.indexOf('\'') < 0;
		String where = "@Pinned(scope = \"" + pinned.scope() + "\") of "
				+ ClassUtils.getQualifiedMethodName(method, method.getDeclaringClass());
		return new DeclaredPin(where, pinned.scope(),
				literal ? new LiteralExpression(scopeId) : PARSER.parseExpression(scopeId), parse(pinned.release()),
				parse(pinned.asOf()), parse(pinned.build()));
	}

	private static @Nullable Expression parse(String expression) {
		return expression.isBlank() ? null : PARSER.parseExpression(expression);
	}

	PinRequest request(EvaluationContext arguments) {
		Object scopeIdValue = value(this.scopeId, arguments);
		if (scopeIdValue == null) {
			throw new IllegalArgumentException(
					this.where + " yields no scope id from '" + this.scopeId.getExpressionString()
							+ "'; pass one, and compile with -parameters or name the argument by position (#p0)");
		}
		String id = scopeIdValue.toString();
		Long number = value(this.release, arguments, "release", DeclaredPin::number);
		Instant instant = value(this.asOf, arguments, "asOf", DeclaredPin::instant);
		UUID buildStrate = value(this.build, arguments, "build", DeclaredPin::uuid);
		if (Stream.of(Optional.ofNullable(number), Optional.ofNullable(instant), Optional.ofNullable(buildStrate))
			.filter(Optional::isPresent)
			.count() > 1) {
			throw new IllegalArgumentException(this.where + " yields release " + number + ", asOf " + instant
					+ " and build " + buildStrate + "; at most one of the three may be given");
		}
		if (number != null) {
			return PinRequest.release(this.scope, id, number);
		}
		if (instant != null) {
			return PinRequest.asOf(this.scope, id, instant);
		}
		return (buildStrate != null) ? PinRequest.build(this.scope, id, buildStrate)
				: PinRequest.released(this.scope, id);
	}

	private <T> @Nullable T value(@Nullable Expression expression, EvaluationContext arguments, String what,
			Function<Object, T> convert) {
		Object value = (expression != null) ? value(expression, arguments) : null;
		if (expression == null || value == null) {
			return null;
		}
		try {
			return convert.apply(value);
		}
		catch (IllegalArgumentException | DateTimeParseException ex) {
			throw new IllegalArgumentException(this.where + " yields " + what + " '" + value + "' from '"
					+ expression.getExpressionString() + "', which cannot be used: " + ex.getMessage(), ex);
		}
	}

	/** Nothing, an empty optional and blank text are the same: left out. */
	private static @Nullable Object value(Expression expression, EvaluationContext arguments) {
		Object value = expression.getValue(arguments);
		if (value instanceof Optional<?> optional) {
			value = optional.orElse(null);
		}
		return (value instanceof CharSequence text && text.toString().isBlank()) ? null : value;
	}

	private static Long number(Object value) {
		return (value instanceof Number number) ? Long.valueOf(number.longValue()) : Long.valueOf(value.toString());
	}

	private static Instant instant(Object value) {
		return (value instanceof Instant instant) ? instant : Instant.parse(value.toString());
	}

	private static UUID uuid(Object value) {
		return (value instanceof UUID uuid) ? uuid : UUID.fromString(value.toString());
	}

}
