package io.strates.entity;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Id;

/**
 * An owning to-one association between two entities of one scope: the part of the mapping
 * that becomes a join on (column, build).
 *
 * @param member the annotated field or getter, which may stand in a mapped superclass or
 * an embeddable
 * @param attribute the name of the attribute
 * @param target the entity that it points at
 * @since 0.1.0
 */
public record StratifiedAssociation(Member member, String attribute, Class<?> target) {

	/**
	 * Returns the annotated field or getter.
	 * @return the member, for its annotations
	 */
	public AnnotatedElement annotated() {
		return (AnnotatedElement) this.member;
	}

	/**
	 * Returns the column of the target's id as it is declared, before naming strategies.
	 * @return the name of the column
	 */
	public String targetIdColumn() {
		for (Class<?> type = this.target; type != null; type = type.getSuperclass()) {
			for (AttributeOverride override : type.getDeclaredAnnotationsByType(AttributeOverride.class)) {
				if (override.name().equals("id")) {
					return override.column().name();
				}
			}
			for (Field field : type.getDeclaredFields()) {
				if (field.getName().equals("id") && field.isAnnotationPresent(Id.class)) {
					return columnName(field);
				}
			}
			for (Method method : type.getDeclaredMethods()) {
				if (method.getName().equals("getId") && method.isAnnotationPresent(Id.class)) {
					return columnName(method);
				}
			}
		}
		return "id";
	}

	private static String columnName(AnnotatedElement id) {
		Column column = id.getAnnotation(Column.class);
		return (column != null && !column.name().isEmpty()) ? column.name() : "id";
	}

}
