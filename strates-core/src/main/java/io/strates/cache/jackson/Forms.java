package io.strates.cache.jackson;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import org.jspecify.annotations.Nullable;

/**
 * Finds the forms of types. A type has one of its own if Jackson is not told anything
 * about it, so that what comes back is what Jackson would make of it; what else there is
 * inside of it is left to Jackson.
 */
final class Forms {

	private final Function<Type, Form> others;

	/** The records on the way to where we are: one inside itself is left to Jackson. */
	private final Set<Class<?>> around = new LinkedHashSet<>();

	private Forms(Function<Type, Form> others) {
		this.others = others;
	}

	/**
	 * Returns the form of a type, or {@code null} if it is best left to Jackson.
	 * @param others makes the forms of what is left to Jackson
	 */
	static @Nullable Form of(Type type, Function<Type, Form> others) {
		return new Forms(others).own(type);
	}

	/** Returns the form of rows. */
	static Form ofRow(List<? extends Type> types, Function<Type, Form> others) {
		List<Form> elements = new ArrayList<>();
		for (Type type : types) {
			Form own = of(type, others);
			elements.add(new NullableForm((own != null) ? own : others.apply(type)));
		}
		return new RowForm(elements);
	}

	private @Nullable Form own(Type type) {
		if (type instanceof ParameterizedType generic && generic.getRawType().equals(List.class)) {
			Form element = own(generic.getActualTypeArguments()[0]);
			return (element != null) ? new ListForm(new NullableForm(element)) : null;
		}
		if (!(type instanceof Class<?> plain)) {
			return null;
		}
		Form basic = BasicForm.of(plain);
		if (basic != null || !isPlain(plain)) {
			return basic;
		}
		return plain.isEnum() ? new EnumForm(plain.getEnumConstants()) : record(plain);
	}

	private @Nullable Form record(Class<?> type) {
		if (!this.around.add(type)) {
			return null;
		}
		try {
			List<Form> components = new ArrayList<>();
			for (RecordComponent component : type.getRecordComponents()) {
				components.add(component(component));
			}
			return new RecordForm(type, components);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
		finally {
			this.around.remove(type);
		}
	}

	private Form component(RecordComponent component) {
		Form own = own(component.getGenericType());
		if (own == null) {
			return this.others.apply(component.getGenericType());
		}
		return component.getType().isPrimitive() ? own : new NullableForm(own);
	}

	/** Whether there is nothing to tell Jackson how to treat a type. */
	private static boolean isPlain(Class<?> type) {
		boolean closed = type.isEnum()
				|| (type.isRecord() && type.getTypeParameters().length == 0 && type.getRecordComponents().length > 0);
		return closed && kinds(type).flatMap(Forms::elements)
			.flatMap((element) -> Arrays.stream(element.getAnnotations()))
			.noneMatch(Forms::isForJackson);
	}

	/** A type and all that it implements. */
	private static Stream<Class<?>> kinds(Class<?> type) {
		return Stream.concat(Stream.of(type), Arrays.stream(type.getInterfaces()).flatMap(Forms::kinds));
	}

	private static Stream<AnnotatedElement> elements(Class<?> type) {
		List<Executable> executables = new ArrayList<>(List.of(type.getDeclaredMethods()));
		executables.addAll(List.of(type.getDeclaredConstructors()));
		Stream<AnnotatedElement> parameters = executables.stream()
			.flatMap((executable) -> Arrays.stream(executable.getParameters()));
		return Stream.of(Stream.of(type), Arrays.stream(type.getDeclaredFields()), executables.stream(), parameters)
			.flatMap(Function.identity());
	}

	private static boolean isForJackson(Annotation annotation) {
		Class<? extends Annotation> type = annotation.annotationType();
		return type.isAnnotationPresent(JacksonAnnotation.class)
				|| type.isAnnotationPresent(JacksonAnnotationsInside.class) || type.getName().startsWith("java.beans.");
	}

}
