package io.strates.entity;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumns;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKeyJoinColumn;
import jakarta.persistence.MapsId;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.SecondaryTables;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Reads the {@link StratifiedModel} from annotations and collects whatever is declared
 * wrongly, so that one start shows every fault.
 */
final class StratifiedModelReader {

	private static final Set<Class<?>> ID_TYPES = Set.of(Long.class, Integer.class, String.class, java.util.UUID.class);

	private static final int MAX_SCOPE_LENGTH = 64;

	private final List<Class<?>> entities;

	private final List<MappingFault> faults = new ArrayList<>();

	private final Map<Member, StratifiedAssociation> associations = new LinkedHashMap<>();

	StratifiedModelReader(Collection<Class<?>> managedClasses) {
		this.entities = managedClasses.stream()
			.filter((type) -> type.isAnnotationPresent(Entity.class))
			.sorted(Comparator.comparing((Class<?> type) -> type.getSimpleName()).thenComparing(Class::getName))
			.toList();
	}

	StratifiedModel read() {
		List<StratifiedType> types = new ArrayList<>();
		for (Class<?> entity : this.entities) {
			Stratified declared = entity.getAnnotation(Stratified.class);
			if (declared != null && StratifiedEntity.class.isAssignableFrom(entity)) {
				types.add(readType(entity, declared));
			}
			else {
				checkUnstratified(entity, declared);
			}
		}
		checkRoots(types);
		if (!this.faults.isEmpty()) {
			throw new StratesMappingException(this.faults);
		}
		return new StratifiedModel(types, this.associations.values());
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
		forEachAttribute(entity, entity, (attribute) -> {
			if (attribute.isAssociation() && isStratified(attribute.targetType())) {
				fault(entity, attribute.name(),
						"points from an entity that is not stratified at a row that exists once in each build",
						"keep the plain id of " + attribute.targetType().getSimpleName() + " in a basic attribute");
			}
		});
	}

	private StratifiedType readType(Class<?> entity, Stratified declared) {
		boolean hierarchyRoot = isHierarchyRoot(entity);
		Class<?> idType = checkId(entity, hierarchyRoot);
		checkEntity(entity, declared);
		forEachAttribute(entity, entity, (attribute) -> checkAttribute(entity, declared.scope(), attribute));
		String scopeId = declared.scopeId().isEmpty() ? null : declared.scopeId();
		if (scopeId != null && !isBasicAttribute(entity, scopeId)) {
			fault(entity, scopeId, "is named by @Stratified(scopeId) but is no basic attribute of the entity",
					"name the attribute that holds the scope id, or leave scopeId out");
		}
		return new StratifiedType(entity, declared.scope(), declared.root() && hierarchyRoot, scopeId, idType);
	}

	private void checkEntity(Class<?> entity, Stratified declared) {
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
		Inheritance inheritance = entity.getAnnotation(Inheritance.class);
		if (inheritance != null && inheritance.strategy() == InheritanceType.TABLE_PER_CLASS) {
			fault(entity, "uses TABLE_PER_CLASS, whose associations cannot be kept inside a build",
					"use SINGLE_TABLE or JOINED");
		}
		if (entity.isAnnotationPresent(SecondaryTable.class) || entity.isAnnotationPresent(SecondaryTables.class)) {
			fault(entity, "has a secondary table, which would not carry the build in its key",
					"map it as an entity of its own with a @OneToOne");
		}
		if (entity.isAnnotationPresent(IdClass.class)) {
			fault(entity, "declares an @IdClass", "leave it out: the key (id, buildStrate) is added at start-up");
		}
	}

	private Class<?> checkId(Class<?> entity, boolean hierarchyRoot) {
		List<Attribute> ids = new ArrayList<>();
		forEachAttribute(entity, entity, (attribute) -> {
			if (attribute.has(EmbeddedId.class)) {
				fault(entity, attribute.name(), "is an @EmbeddedId",
						"use a simple @Id named 'id'; a business key becomes a unique constraint");
				ids.add(attribute);
			}
			else if (attribute.has(Id.class)) {
				ids.add(attribute);
			}
		});
		if (ids.isEmpty()) {
			fault(entity, "has no @Id of its own",
					"add one attribute '@Id private Long id' (or Integer, String, UUID) beside the inherited build");
			return Long.class;
		}
		if (ids.size() > 1) {
			fault(entity, "has " + ids.size() + " @Id attributes besides the build",
					"keep one, named 'id'; make the others a unique constraint");
		}
		Attribute id = ids.get(0);
		Class<?> idType = id.type();
		if (!id.has(EmbeddedId.class) && !ID_TYPES.contains(idType)) {
			fault(entity, id.name(), "is an @Id of type " + idType.getSimpleName(),
					idType.isPrimitive() ? "use the wrapper type" : "use Long, Integer, String or UUID");
		}
		if (!id.name().equals("id")) {
			fault(entity, id.name(), "is the @Id but is not named 'id', as the composite key needs",
					"rename the attribute to 'id' and keep its column with @Column(name = \"" + id.name() + "\")");
		}
		GeneratedValue generated = id.annotation(GeneratedValue.class);
		if (generated != null && generated.strategy() == GenerationType.IDENTITY && hierarchyRoot) {
			fault(entity, id.name(), "is generated by an identity column, which cannot be part of a composite key",
					"use GenerationType.SEQUENCE or UUID, or assign the id");
		}
		return idType;
	}

	private void checkAttribute(Class<?> entity, String scope, Attribute attribute) {
		if (attribute.name().equals("buildStrate") && attribute.declaringClass() != StratifiedEntity.class) {
			fault(entity, "buildStrate", "hides the inherited attribute", "remove it");
		}
		if (attribute.has(ManyToMany.class)) {
			fault(entity, attribute.name(), "is a @ManyToMany, whose join table would not carry the build",
					"write a join entity with two @ManyToOne");
			return;
		}
		OneToMany oneToMany = attribute.annotation(OneToMany.class);
		OneToOne oneToOne = attribute.annotation(OneToOne.class);
		if (oneToMany != null && oneToMany.mappedBy().isEmpty()) {
			fault(entity, attribute.name(), "is a unidirectional @OneToMany, which would not be kept inside a build",
					"write the @ManyToOne on the other side and name it with mappedBy");
			return;
		}
		if (attribute.has(OneToMany.class)
				&& (attribute.has(OrderColumn.class) || attribute.has(MapKeyJoinColumn.class))) {
			fault(entity, attribute.name(),
					"keeps its order or key in a column that only updates could fill; rows of a build are never updated",
					"give the rows an attribute of their own for it and use @OrderBy");
		}
		if (!attribute.isAssociation()) {
			checkElementCollection(entity, attribute);
			return;
		}
		Class<?> target = attribute.targetType();
		if (!isStratified(target)) {
			return;
		}
		String targetScope = Objects.requireNonNull(target.getAnnotation(Stratified.class)).scope();
		if (!scope.equals(targetScope)) {
			fault(entity, attribute.name(),
					"crosses from scope '" + scope + "' to scope '" + targetScope
							+ "', whose builds are released on their own",
					"keep the plain id of " + target.getSimpleName() + " in a basic attribute");
			return;
		}
		boolean owning = attribute.has(ManyToOne.class) || (oneToOne != null && oneToOne.mappedBy().isEmpty());
		if (owning && checkJoin(entity, attribute)) {
			this.associations.putIfAbsent(attribute.member(),
					new StratifiedAssociation(attribute.member(), attribute.name(), target));
		}
	}

	private boolean checkJoin(Class<?> entity, Attribute attribute) {
		for (Class<? extends Annotation> refused : List.of(JoinTable.class, MapsId.class, PrimaryKeyJoinColumn.class,
				JoinColumns.class)) {
			if (attribute.has(refused)) {
				fault(entity, attribute.name(),
						"uses @" + refused.getSimpleName() + ", which cannot be joined with the build",
						"use one @JoinColumn, or none");
				return false;
			}
		}
		return true;
	}

	private void checkElementCollection(Class<?> entity, Attribute attribute) {
		if (!attribute.has(ElementCollection.class)) {
			return;
		}
		Class<?> element = attribute.targetType();
		if (element.isAnnotationPresent(Embeddable.class)) {
			forEachAttribute(entity, element, (inner) -> {
				if (inner.isAssociation() && isStratified(inner.targetType())) {
					fault(entity, attribute.name() + "." + inner.name(),
							"points from an element collection at a stratified entity",
							"make the elements an entity of their own");
				}
			});
		}
	}

	private void checkRoots(List<StratifiedType> types) {
		Map<String, List<StratifiedType>> byScope = new TreeMap<>();
		for (StratifiedType type : types) {
			byScope.computeIfAbsent(type.scope(), (scope) -> new ArrayList<>()).add(type);
		}
		byScope.forEach((scope, members) -> {
			List<String> roots = members.stream().filter(StratifiedType::root).map(StratifiedType::name).toList();
			if (roots.isEmpty()) {
				this.faults.add(new MappingFault("scope '" + scope + "'",
						"has no root among " + members.stream().map(StratifiedType::name).toList(),
						"say root = true on the entity that stands for the whole aggregate, or correct the name"
								+ " of the scope"));
			}
			else if (roots.size() > 1) {
				this.faults.add(new MappingFault("scope '" + scope + "'", "has the roots " + roots,
						"keep root = true on one of them"));
			}
		});
	}

	private boolean isStratified(Class<?> type) {
		return StratifiedEntity.class.isAssignableFrom(type) && type.isAnnotationPresent(Stratified.class);
	}

	private static boolean isHierarchyRoot(Class<?> entity) {
		for (Class<?> type = entity.getSuperclass(); type != null; type = type.getSuperclass()) {
			if (type.isAnnotationPresent(Entity.class)) {
				return false;
			}
		}
		return true;
	}

	private boolean isBasicAttribute(Class<?> entity, String name) {
		List<Attribute> found = new ArrayList<>();
		forEachAttribute(entity, entity, (attribute) -> {
			if (attribute.name().equals(name) && !attribute.isAssociation()
					&& !attribute.has(ElementCollection.class)) {
				found.add(attribute);
			}
		});
		return !found.isEmpty();
	}

	private void fault(Class<?> entity, String problem, String remedy) {
		this.faults.add(new MappingFault(entity.getSimpleName(), problem, remedy));
	}

	private void fault(Class<?> entity, String attribute, String problem, String remedy) {
		this.faults.add(new MappingFault(entity.getSimpleName() + "." + attribute, problem, remedy));
	}

	/**
	 * Visits the attributes of a class, its superclasses and what it embeds. Fields and
	 * annotated getters both count: which of the two the provider uses shows in where the
	 * annotations stand.
	 */
	private static void forEachAttribute(Class<?> entity, Class<?> start, Consumer<Attribute> visitor) {
		for (Class<?> type = start; type != null && type != Object.class
				&& type != StratifiedEntity.class; type = type.getSuperclass()) {
			Class<?> declaring = type;
			List<Member> members = new ArrayList<>();
			ReflectionUtils.doWithLocalFields(declaring, members::add);
			ReflectionUtils.doWithLocalMethods(declaring, members::add);
			for (Member member : members) {
				Attribute attribute = Attribute.of(start, member);
				if (attribute == null) {
					continue;
				}
				visitor.accept(attribute);
				boolean embedded = attribute.has(Embedded.class)
						|| attribute.type().isAnnotationPresent(Embeddable.class);
				if (embedded && attribute.type() != start) {
					forEachAttribute(entity, attribute.type(), visitor);
				}
			}
		}
	}

	/** A persistent field, or a getter that carries a mapping annotation. */
	private record Attribute(Member member, AnnotatedElement element, String name, ResolvableType resolved) {

		static @Nullable Attribute of(Class<?> owner, Member member) {
			if (Modifier.isStatic(member.getModifiers()) || member.isSynthetic()) {
				return null;
			}
			if (member instanceof Field field) {
				boolean persistent = !Modifier.isTransient(field.getModifiers())
						&& !field.isAnnotationPresent(Transient.class);
				return persistent ? new Attribute(field, field, field.getName(), ResolvableType.forField(field, owner))
						: null;
			}
			if (member instanceof Method method && method.getParameterCount() == 0 && isMapped(method)) {
				String name = method.getName().replaceFirst("^(get|is)", "");
				return new Attribute(method, method, StringUtils.uncapitalizeAsProperty(name),
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

		boolean isAssociation() {
			return has(ManyToOne.class) || has(OneToOne.class) || has(OneToMany.class) || has(ManyToMany.class);
		}

		Class<?> type() {
			return this.resolved.resolve(Object.class);
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
			if (Map.class.isAssignableFrom(type())) {
				return this.resolved.asMap().getGeneric(1).resolve(Object.class);
			}
			if (Collection.class.isAssignableFrom(type())) {
				return this.resolved.asCollection().getGeneric(0).resolve(Object.class);
			}
			return type();
		}

	}

}
