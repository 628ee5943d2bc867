package io.strates.cache.jackson;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The form of a record: its components, one after another. */
final class RecordForm implements Form {

	private final Form[] components;

	private final MethodHandle[] accessors;

	private final MethodHandle constructor;

	/**
	 * Creates the form.
	 * @throws ReflectiveOperationException if the record is closed to others
	 */
	RecordForm(Class<?> type, List<Form> components) throws ReflectiveOperationException {
		this.components = components.toArray(Form[]::new);
		RecordComponent[] described = type.getRecordComponents();
		this.accessors = new MethodHandle[described.length];
		for (int index = 0; index < described.length; index++) {
			Method accessor = described[index].getAccessor();
			open(accessor.trySetAccessible(), type);
			this.accessors[index] = MethodHandles.lookup()
				.unreflect(accessor)
				.asType(MethodType.methodType(Object.class, Object.class));
		}
		Constructor<?> canonical = type
			.getDeclaredConstructor(Arrays.stream(described).map(RecordComponent::getType).toArray(Class<?>[]::new));
		open(canonical.trySetAccessible(), type);
		this.constructor = MethodHandles.lookup()
			.unreflectConstructor(canonical)
			.asSpreader(Object[].class, described.length)
			.asType(MethodType.methodType(Object.class, Object[].class));
	}

	private static void open(boolean accessible, Class<?> type) throws IllegalAccessException {
		if (!accessible) {
			throw new IllegalAccessException(type + " is closed to Strates");
		}
	}

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		Object written = Objects.requireNonNull(value);
		for (int index = 0; index < this.components.length; index++) {
			this.components[index].write(component(index, written), out);
		}
	}

	private @Nullable Object component(int index, Object value) {
		try {
			return (Object) this.accessors[index].invokeExact(value);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Accessors of records declare no exceptions", ex);
		}
	}

	@Override
	public Object read(FormInput in) {
		@Nullable Object[] values = new @Nullable Object[this.components.length];
		for (int index = 0; index < values.length; index++) {
			values[index] = this.components[index].read(in);
		}
		try {
			return (Object) this.constructor.invokeExact(values);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Canonical constructors declare no exceptions", ex);
		}
	}

	@Override
	public String shape() {
		return Arrays.stream(this.components).map(Form::shape).collect(Collectors.joining(",", "(", ")"));
	}

}
