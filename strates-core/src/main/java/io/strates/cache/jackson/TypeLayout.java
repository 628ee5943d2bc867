package io.strates.cache.jackson;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** Tells the layout of a type from that of another, and of itself at another time. */
final class TypeLayout {

	private static final int FINGERPRINT_BYTES = 8;

	private final StringBuilder text;

	TypeLayout(String start) {
		this.text = new StringBuilder(start);
	}

	/** Adds the names and types of all that a type is made of. */
	TypeLayout add(Type type) {
		describe(type, this.text.append(';'), new LinkedHashSet<>());
		return this;
	}

	private static void describe(Class<?> type, StringBuilder layout, Set<Class<?>> described) {
		layout.append(type.getName());
		if (!described.add(type)) {
			return;
		}
		if (type.isRecord()) {
			layout.append('(');
			for (RecordComponent component : type.getRecordComponents()) {
				layout.append(component.getName()).append('=');
				describe(component.getGenericType(), layout, described);
				layout.append(';');
			}
			layout.append(')');
		}
		if (type.isArray()) {
			describe(type.getComponentType(), layout, described);
		}
		if (!type.isRecord() && !type.isEnum()) {
			describeFields(type, layout, described);
		}
		if (type.isEnum()) {
			for (Object constant : type.getEnumConstants()) {
				layout.append('|').append(((Enum<?>) constant).name());
			}
		}
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				layout.append('|');
				describe(permitted, layout, described);
			}
		}
	}

	/** The fields of a class of the application, and of those that it extends. */
	private static void describeFields(Class<?> type, StringBuilder layout, Set<Class<?>> described) {
		for (Class<?> part = type; part != null && !part.getName().startsWith("java."); part = part.getSuperclass()) {
			for (Field field : part.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
					layout.append('.').append(field.getName()).append('=');
					describe(field.getGenericType(), layout, described);
				}
			}
		}
	}

	private static void describe(Type type, StringBuilder layout, Set<Class<?>> described) {
		if (type instanceof Class<?> plain) {
			describe(plain, layout, described);
			return;
		}
		layout.append(type.getTypeName());
		if (type instanceof ParameterizedType generic) {
			for (Type argument : generic.getActualTypeArguments()) {
				layout.append(',');
				describe(argument, layout, described);
			}
		}
		if (type instanceof GenericArrayType array) {
			describe(array.getGenericComponentType(), layout, described);
		}
		if (type instanceof WildcardType wildcard) {
			for (Type bound : wildcard.getUpperBounds()) {
				describe(bound, layout.append(','), described);
			}
		}
	}

	String fingerprint() {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(this.text.toString().getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
