package io.strates.entity;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * An attribute of an entity as its annotations declare it: a persistent field, or a
 * getter that carries a mapping annotation.
 */
record EntityAttribute(Member member, AnnotatedElement element, String name, ResolvableType resolved) {

	/**
	 * Visits the attributes of an entity that are not those of a parent entity, with what
	 * they embed. Fields and annotated getters both count: which of the two the provider
	 * uses shows in where the annotations stand.
	 */
	static void forEachOwn(Class<?> entity, Consumer<EntityAttribute> visitor) {
		for (Class<?> type = entity; isMappedPart(type)
				&& (type == entity || !type.isAnnotationPresent(Entity.class)); type = type.getSuperclass()) {
			visit(entity, type, true, visitor);
		}
	}

	/** Visits the attributes of an entity and its parents, not what they embed. */
	static void forEachDirect(Class<?> entity, Consumer<EntityAttribute> visitor) {
		for (Class<?> type = entity; isMappedPart(type); type = type.getSuperclass()) {
			visit(entity, type, false, visitor);
		}
	}

	private static boolean isMappedPart(@Nullable Class<?> type) {
		return type != null && type != Object.class && type != StratifiedEntity.class;
	}

	private static void visit(Class<?> owner, Class<?> declaring, boolean deep, Consumer<EntityAttribute> visitor) {
		List<Member> members = new ArrayList<>();
		ReflectionUtils.doWithLocalFields(declaring, members::add);
		ReflectionUtils.doWithLocalMethods(declaring, members::add);
		for (Member member : members) {
			EntityAttribute attribute = of(owner, member);
			if (attribute == null) {
				continue;
			}
			visitor.accept(attribute);
			if (deep && attribute.isEmbedded() && attribute.type() != owner) {
				forEachOwn(attribute.type(), visitor);
			}
		}
	}

	private static @Nullable EntityAttribute of(Class<?> owner, Member member) {
		if (Modifier.isStatic(member.getModifiers()) || member.isSynthetic()) {
			return null;
		}
		if (member instanceof Field field) {
			boolean persistent = !Modifier.isTransient(field.getModifiers())
					&& !field.isAnnotationPresent(Transient.class);
			return persistent
					? new EntityAttribute(field, field, field.getName(), ResolvableType.forField(field, owner)) : null;
		}
		if (member instanceof Method method && method.getParameterCount() == 0 && isMapped(method)) {
			String name = method.getName().replaceFirst("^(get|is)", "");
			return new EntityAttribute(method, method, StringUtils.uncapitalizeAsProperty(name),
					ResolvableType.forMethodReturnType(method, owner));
		}
		return null;
	}

	private static boolean isMapped(Method method) {
		for (Annotation annotation : method.getAnnotations()) {
			if (annotation.annotationType().getPackageName().equals("jakarta.persistence")
					&& annotation.annotationType() != Transient.class) {
				return true;
			}
		}
		return false;
	}

	Class<?> declaringClass() {
		return this.member.getDeclaringClass();
	}

	boolean has(Class<? extends Annotation> annotation) {
		return this.element.isAnnotationPresent(annotation);
	}

	<A extends Annotation> @Nullable A annotation(Class<A> annotation) {
		return this.element.getAnnotation(annotation);
	}

	/** Whether it has an annotation of a type that need not be on the class path. */
	boolean hasNamed(String annotationType) {
		for (Annotation annotation : this.element.getAnnotations()) {
			if (annotation.annotationType().getName().equals(annotationType)) {
				return true;
			}
		}
		return false;
	}

	boolean isEmbedded() {
		return has(Embedded.class) || type().isAnnotationPresent(Embeddable.class);
	}

	boolean isBasic() {
		return !isAssociation() && !isEmbedded() && !has(ElementCollection.class);
	}

	/** The column that is named explicitly, or nothing. */
	String declaredColumn() {
		Column column = annotation(Column.class);
		JoinColumn joinColumn = annotation(JoinColumn.class);
		return (column != null) ? column.name() : (joinColumn != null) ? joinColumn.name() : "";
	}

	/** The class and attribute where it is declared, as messages name it. */
	String where() {
		return declaringClass().getSimpleName() + "." + name();
	}

	boolean isAssociation() {
		return has(ManyToOne.class) || has(OneToOne.class) || has(OneToMany.class) || has(ManyToMany.class);
	}

	Class<?> type() {
		return this.resolved.resolve(Object.class);
	}

	/** The type of the keys of a map, or {@code Object}. */
	Class<?> keyType() {
		return Map.class.isAssignableFrom(type()) ? this.resolved.asMap().getGeneric(0).resolve(Object.class)
				: Object.class;
	}

	/** The entity or element that the attribute holds, one or many. */
	Class<?> targetType() {
		ManyToOne manyToOne = annotation(ManyToOne.class);
		if (manyToOne != null && manyToOne.targetEntity() != void.class) {
			return manyToOne.targetEntity();
		}
		OneToOne oneToOne = annotation(OneToOne.class);
		if (oneToOne != null && oneToOne.targetEntity() != void.class) {
			return oneToOne.targetEntity();
		}
		OneToMany oneToMany = annotation(OneToMany.class);
		if (oneToMany != null && oneToMany.targetEntity() != void.class) {
			return oneToMany.targetEntity();
		}
		ElementCollection elements = annotation(ElementCollection.class);
		if (elements != null && elements.targetClass() != void.class) {
			return elements.targetClass();
		}
		if (Map.class.isAssignableFrom(type())) {
			return this.resolved.asMap().getGeneric(1).resolve(Object.class);
		}
		if (Collection.class.isAssignableFrom(type())) {
			return this.resolved.asCollection().getGeneric(0).resolve(Object.class);
		}
		return type();
	}

}
