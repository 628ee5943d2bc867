package io.strates.entity;

import java.lang.annotation.Annotation;
import java.util.Collection;

import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AssociationOverrides;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.PrimaryKeyJoinColumns;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.SecondaryTables;

/**
 * What a stratified entity must look like, apart from its id and its attributes.
 */
final class EntityRules {

	private static final int MAX_SCOPE_LENGTH = 64;

	private final Collection<MappingFault> faults;

	EntityRules(Collection<MappingFault> faults) {
		this.faults = faults;
	}

	void check(Class<?> entity) {
		Stratified own = entity.getDeclaredAnnotation(Stratified.class);
		if (own != null) {
			checkScope(entity, own);
		}
		Inheritance inheritance = entity.getAnnotation(Inheritance.class);
		if (inheritance != null && inheritance.strategy() == InheritanceType.TABLE_PER_CLASS) {
			fault(entity, "uses TABLE_PER_CLASS, whose associations cannot be kept inside a build",
					"use SINGLE_TABLE or JOINED");
		}
		if (entity.isAnnotationPresent(SecondaryTable.class) || entity.isAnnotationPresent(SecondaryTables.class)) {
			fault(entity, "has a secondary table, which would not carry the build in its key",
					"map it as an entity of its own with a @OneToOne");
		}
		if (entity.isAnnotationPresent(PrimaryKeyJoinColumn.class)
				|| entity.isAnnotationPresent(PrimaryKeyJoinColumns.class)) {
			fault(entity, "renames its key with @PrimaryKeyJoinColumn, which cannot be joined with the build",
					"leave it out: the table of a subclass has the key columns of its parent");
		}
		for (Annotation annotation : entity.getAnnotations()) {
			if (annotation.annotationType().getName().equals("org.hibernate.annotations.Subselect")) {
				fault(entity, "is a @Subselect, whose rows belong to no build",
						"map a table, or query with a projection");
			}
		}
		for (Class<?> type = entity; EntityHierarchy.isOwnPart(entity, type); type = type.getSuperclass()) {
			checkDeclarations(type);
		}
	}

	/** Checks what an entity and a mapped superclass may both declare. */
	private void checkDeclarations(Class<?> type) {
		if (type.getDeclaredAnnotation(IdClass.class) != null) {
			fault(type, "declares an @IdClass", "leave it out: the key (id, buildStrate) is added at start-up");
		}
		if (type.getDeclaredAnnotation(AssociationOverride.class) != null
				|| type.getDeclaredAnnotation(AssociationOverrides.class) != null) {
			fault(type, "uses @AssociationOverride, which would take the build out of the join",
					"declare the association in the class itself");
		}
		for (AttributeOverride override : type.getDeclaredAnnotationsByType(AttributeOverride.class)) {
			if (override.name().equals("buildStrate")) {
				fault(type, "overrides the column of the build", "leave it out: the column is build_strate everywhere");
			}
		}
	}

	private void checkScope(Class<?> entity, Stratified declared) {
		String scope = declared.scope();
		if (scope.isBlank() || scope.length() > MAX_SCOPE_LENGTH || !scope.equals(scope.strip())) {
			fault(entity, "names the scope '" + scope + "'",
					"use 1 to " + MAX_SCOPE_LENGTH + " characters without white space at either end");
		}
		Stratified inherited = entity.getSuperclass().getAnnotation(Stratified.class);
		if (inherited != null && !inherited.scope().equals(scope)) {
			fault(entity, "is of scope '" + scope + "' but extends an entity of scope '" + inherited.scope() + "'",
					"keep one scope in a hierarchy");
		}
		if (declared.root() && !EntityHierarchy.isRoot(entity)) {
			fault(entity, "is declared as the root of its scope but extends another entity",
					"say root = true on the topmost entity of the hierarchy");
		}
	}

	private void fault(Class<?> type, String problem, String remedy) {
		this.faults.add(new MappingFault(type.getSimpleName(), problem, remedy));
	}

}
