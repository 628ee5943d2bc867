package io.strates.entity;

import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AssociationOverrides;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.PrimaryKeyJoinColumns;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.SecondaryTables;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link StratifiedModel} from annotations and collects whatever is declared
 * wrongly, so that one start shows every fault. What a mapped superclass or a parent
 * entity declares is judged where it is declared, once.
 */
final class StratifiedModelReader {

	private static final Set<Class<?>> ID_TYPES = Set.of(Long.class, Integer.class, String.class, java.util.UUID.class);

	private static final int MAX_SCOPE_LENGTH = 64;

	private final List<Class<?>> classes;

	private final Set<MappingFault> faults = new LinkedHashSet<>();

	private final Map<Member, StratifiedAssociation> associations = new LinkedHashMap<>();

	StratifiedModelReader(Collection<Class<?>> managedClasses) {
		this.classes = managedClasses.stream()
			.sorted(Comparator.comparing((Class<?> type) -> type.getSimpleName()).thenComparing(Class::getName))
			.toList();
	}

	StratifiedModel read() {
		List<StratifiedType> types = new ArrayList<>();
		for (Class<?> type : this.classes) {
			if (!type.isAnnotationPresent(Entity.class)) {
				checkNoEntity(type);
				continue;
			}
			Stratified declared = type.getAnnotation(Stratified.class);
			if (declared != null && StratifiedEntity.class.isAssignableFrom(type)) {
				types.add(readType(type, declared));
			}
			else {
				checkUnstratified(type, declared);
			}
		}
		checkRoots(types);
		if (!this.faults.isEmpty()) {
			throw new StratesMappingException(List.copyOf(this.faults));
		}
		return new StratifiedModel(types, this.associations.values());
	}

	private void checkNoEntity(Class<?> type) {
		boolean stratified = StratifiedEntity.class.isAssignableFrom(type)
				|| type.isAnnotationPresent(Stratified.class);
		if (stratified && !type.isAnnotationPresent(MappedSuperclass.class)
				&& !Modifier.isAbstract(type.getModifiers())) {
			fault(type, "is stratified but carries no @Entity",
					"annotate it with @Entity; mapping it by XML alone is " + "not supported");
		}
	}

	private void checkUnstratified(Class<?> entity, @Nullable Stratified declared) {
		if (declared != null) {
			fault(entity, "is @Stratified but has no build in its key", "let it extend StratifiedEntity");
			return;
		}
		if (StratifiedEntity.class.isAssignableFrom(entity)) {
			fault(entity, "extends StratifiedEntity but belongs to no scope",
					"annotate it with @Stratified(scope = \"…\")");
			return;
		}
		EntityAttribute.forEachOwn(entity, (attribute) -> attributeRules().checkUnstratified(attribute));
	}

	private StratifiedType readType(Class<?> entity, Stratified declared) {
		boolean hierarchyRoot = isHierarchyRoot(entity);
		Class<?> idType = hierarchyRoot ? checkId(entity) : idType(entity);
		checkEntity(entity, hierarchyRoot);
		EntityAttribute.forEachOwn(entity, (attribute) -> attributeRules().check(declared.scope(), attribute));
		String scopeId = scopeId(entity);
		if (scopeId != null && directly(entity, Stratified.class) != null && !isBasicAttribute(entity, scopeId)) {
			fault(entity.getSimpleName() + "." + scopeId,
					"is named by @Stratified(scopeId) but is no basic attribute of the entity",
					"name the attribute that holds the scope id, or leave scopeId out");
		}
		return new StratifiedType(entity, declared.scope(), declared.root() && hierarchyRoot, scopeId, idType);
	}

	private AttributeRules attributeRules() {
		return new AttributeRules(this.faults, this.associations);
	}

	/** A subclass that names none has that of its parent. */
	private static @Nullable String scopeId(Class<?> entity) {
		for (Class<?> type = entity; type != null; type = type.getSuperclass()) {
			Stratified declared = type.getAnnotation(Stratified.class);
			if (declared != null && !declared.scopeId().isEmpty()) {
				return declared.scopeId();
			}
		}
		return null;
	}

	private void checkEntity(Class<?> entity, boolean hierarchyRoot) {
		Stratified own = directly(entity, Stratified.class);
		if (own != null) {
			checkScope(entity, own, hierarchyRoot);
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
		for (Class<?> type = entity; isOwnPart(entity, type); type = type.getSuperclass()) {
			checkDeclarations(type);
		}
	}

	/** Checks what an entity and a mapped superclass may both declare. */
	private void checkDeclarations(Class<?> type) {
		if (directly(type, IdClass.class) != null) {
			fault(type, "declares an @IdClass", "leave it out: the key (id, buildStrate) is added at start-up");
		}
		if (directly(type, AssociationOverride.class) != null || directly(type, AssociationOverrides.class) != null) {
			fault(type, "uses @AssociationOverride, which would take the build out of the join",
					"declare the association in the class itself");
		}
		for (AttributeOverride override : type.getDeclaredAnnotationsByType(AttributeOverride.class)) {
			if (override.name().equals("buildStrate")) {
				fault(type, "overrides the column of the build", "leave it out: the column is build_strate everywhere");
			}
		}
	}

	private void checkScope(Class<?> entity, Stratified declared, boolean hierarchyRoot) {
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
		if (declared.root() && !hierarchyRoot) {
			fault(entity, "is declared as the root of its scope but extends another entity",
					"say root = true on the topmost entity of the hierarchy");
		}
	}

	private Class<?> checkId(Class<?> entity) {
		List<EntityAttribute> ids = ids(entity);
		if (ids.isEmpty()) {
			fault(entity, "has no @Id of its own",
					"add one attribute '@Id private Long id' (or Integer, String, UUID) beside the inherited build");
			return Long.class;
		}
		if (ids.size() > 1) {
			fault(entity, "has " + ids.size() + " @Id attributes besides the build",
					"keep one, named 'id'; make the others a unique constraint");
			return Long.class;
		}
		EntityAttribute id = ids.get(0);
		Class<?> idType = id.type();
		if (id.has(EmbeddedId.class)) {
			fault(id.where(), "is an @EmbeddedId",
					"use a simple @Id named 'id'; a business key becomes a unique constraint");
			return Long.class;
		}
		if (!ID_TYPES.contains(idType)) {
			fault(id.where(), "is an @Id of type " + idType.getSimpleName(),
					idType.isPrimitive() ? "use the wrapper type" : "use Long, Integer, String or UUID");
		}
		if (!id.name().equals("id")) {
			fault(id.where(), "is the @Id but is not named 'id', as the composite key needs",
					"rename the attribute to 'id' and keep its column with @Column(name = \"" + id.name() + "\")");
		}
		GeneratedValue generated = id.annotation(GeneratedValue.class);
		if (generated != null && generated.strategy() == GenerationType.IDENTITY) {
			fault(id.where(), "is generated by an identity column, which cannot be part of a composite key",
					"use GenerationType.SEQUENCE or UUID, or assign the id");
		}
		return idType;
	}

	private static List<EntityAttribute> ids(Class<?> entity) {
		List<EntityAttribute> ids = new ArrayList<>();
		EntityAttribute.forEachDirect(entity, (attribute) -> {
			if (attribute.has(Id.class) || attribute.has(EmbeddedId.class)) {
				ids.add(attribute);
			}
		});
		return ids;
	}

	/** The id of a subclass is that of its parent, or is a fault. */
	private Class<?> idType(Class<?> entity) {
		List<EntityAttribute> ids = ids(entity);
		for (EntityAttribute id : ids) {
			if (isOwnPart(entity, id.declaringClass())) {
				fault(id.where(), "is an @Id in a subclass of another entity",
						"keep the one @Id of the topmost entity");
			}
		}
		return ids.isEmpty() ? Long.class : ids.get(ids.size() - 1).type();
	}

	private void checkRoots(List<StratifiedType> types) {
		Map<String, List<StratifiedType>> byScope = new TreeMap<>();
		for (StratifiedType type : types) {
			byScope.computeIfAbsent(type.scope(), (scope) -> new ArrayList<>()).add(type);
		}
		byScope.forEach((scope, members) -> {
			List<String> roots = members.stream().filter(StratifiedType::root).map(StratifiedType::name).toList();
			if (roots.isEmpty()) {
				fault("scope '" + scope + "'",
						"has no root among " + members.stream().map(StratifiedType::name).toList(),
						"say root = true on the entity that stands for the whole aggregate, or correct the name"
								+ " of the scope");
			}
			else if (roots.size() > 1) {
				fault("scope '" + scope + "'", "has the roots " + roots, "keep root = true on one of them");
			}
		});
	}

	private static boolean isHierarchyRoot(Class<?> entity) {
		for (Class<?> type = entity.getSuperclass(); type != null; type = type.getSuperclass()) {
			if (type.isAnnotationPresent(Entity.class)) {
				return false;
			}
		}
		return true;
	}

	/** Whether a class is the entity itself or a mapped superclass below its parent. */
	private static boolean isOwnPart(Class<?> entity, @Nullable Class<?> type) {
		return type != null && type != Object.class && type != StratifiedEntity.class && type.isAssignableFrom(entity)
				&& (type == entity || (!type.isAnnotationPresent(Entity.class) && !hasEntityBelow(entity, type)));
	}

	private static boolean hasEntityBelow(Class<?> entity, Class<?> top) {
		for (Class<?> type = entity.getSuperclass(); type != null && type != top; type = type.getSuperclass()) {
			if (type.isAnnotationPresent(Entity.class)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isBasicAttribute(Class<?> entity, String name) {
		List<EntityAttribute> found = new ArrayList<>();
		EntityAttribute.forEachDirect(entity, (attribute) -> {
			if (attribute.name().equals(name) && attribute.isBasic()) {
				found.add(attribute);
			}
		});
		return !found.isEmpty();
	}

	private static <A extends Annotation> @Nullable A directly(Class<?> type, Class<A> annotation) {
		return type.getDeclaredAnnotation(annotation);
	}

	private void fault(Class<?> type, String problem, String remedy) {
		fault(type.getSimpleName(), problem, remedy);
	}

	private void fault(String where, String problem, String remedy) {
		this.faults.add(new MappingFault(where, problem, remedy));
	}

}
