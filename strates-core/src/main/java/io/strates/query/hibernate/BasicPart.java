package io.strates.query.hibernate;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Type;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Ref;
import java.sql.SQLXML;
import java.sql.Struct;
import java.util.Set;
import java.util.function.Consumer;

import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.converter.spi.BasicValueConverter;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.java.spi.FormatMapperBasedJavaType;
import org.jspecify.annotations.Nullable;

/**
 * A basic attribute: one value, in the form that goes to the database where a converter
 * makes one, as text where it is mapped to a document, and as it is otherwise.
 */
@SuppressWarnings("unchecked") // Hibernate pairs types and values
abstract class BasicPart implements FlatPart {

	/** Handles on what only the connection has. */
	private static final Set<Class<?>> HANDLES = Set.of(Blob.class, Clob.class, InputStream.class, Reader.class,
			Array.class, Struct.class, Ref.class, SQLXML.class);

	private final Type flatType;

	BasicPart(Type flatType) {
		this.flatType = flatType;
	}

	/** Returns the part, or {@code null} if values of the type cannot be kept. */
	static @Nullable BasicPart of(BasicType<?> type, SessionFactoryImplementor factory) {
		BasicValueConverter<Object, Object> converter = (BasicValueConverter<Object, Object>) type.getValueConverter();
		if (converter != null) {
			JavaType<Object> relational = converter.getRelationalJavaType();
			return isHandle(relational.getJavaTypeClass()) ? null : new Converted(converter, relational);
		}
		JavaType<Object> javaType = (JavaType<Object>) type.getJavaTypeDescriptor();
		if (isHandle(javaType.getJavaTypeClass())) {
			return null;
		}
		if (javaType instanceof FormatMapperBasedJavaType) {
			return new Document(javaType);
		}
		return type.isMutable() ? new Copied(type, javaType, factory) : new AsIs(javaType);
	}

	private static boolean isHandle(Class<?> type) {
		return HANDLES.stream().anyMatch((handle) -> handle.isAssignableFrom(type));
	}

	@Override
	public void describe(String attribute, Consumer<FlatPlace> places) {
		places.accept(new FlatPlace(attribute, this.flatType));
	}

	/** A value that cannot change. */
	private static final class AsIs extends BasicPart {

		AsIs(JavaType<?> type) {
			super(type.getJavaType());
		}

		@Override
		public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
			into.accept(value);
		}

		@Override
		public @Nullable Object rebuild(Cursor from, Owner owner) {
			return from.next();
		}

	}

	/** A value that can change, and is copied. */
	private static final class Copied extends BasicPart {

		private final BasicType<?> type;

		private final SessionFactoryImplementor factory;

		Copied(BasicType<?> type, JavaType<?> javaType, SessionFactoryImplementor factory) {
			super(javaType.getJavaType());
			this.type = type;
			this.factory = factory;
		}

		@Override
		public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
			into.accept(copy(value));
		}

		@Override
		public @Nullable Object rebuild(Cursor from, Owner owner) {
			return copy(from.next());
		}

		private @Nullable Object copy(@Nullable Object value) {
			return (value != null) ? this.type.deepCopy(value, this.factory) : null;
		}

	}

	/** A value that a converter makes, as Hibernate does with each load. */
	private static final class Converted extends BasicPart {

		private final BasicValueConverter<Object, Object> converter;

		private final JavaType<Object> relational;

		Converted(BasicValueConverter<Object, Object> converter, JavaType<Object> relational) {
			super(relational.getJavaType());
			this.converter = converter;
			this.relational = relational;
		}

		@Override
		public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
			into.accept(copy(this.converter.toRelationalValue(value)));
		}

		@Override
		public @Nullable Object rebuild(Cursor from, Owner owner) {
			return this.converter.toDomainValue(copy(from.next()));
		}

		private @Nullable Object copy(@Nullable Object value) {
			return (value != null) ? this.relational.getMutabilityPlan().deepCopy(value) : null;
		}

	}

	/** A JSON or XML document. */
	private static final class Document extends BasicPart {

		private final JavaType<Object> type;

		Document(JavaType<Object> type) {
			super(String.class);
			this.type = type;
		}

		@Override
		public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
			into.accept((value != null) ? this.type.toString(value) : null);
		}

		@Override
		public @Nullable Object rebuild(Cursor from, Owner owner) {
			return (from.next() instanceof String text) ? this.type.fromString(text) : null;
		}

	}

}
