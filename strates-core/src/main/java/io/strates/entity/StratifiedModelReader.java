package io.strates.entity;

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

import jakarta.persistence.Entity;
import jakarta.persistence.MappedSuperclass;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link StratifiedModel} from annotations and collects whatever is declared
 * wrongly, so that one start shows every fault. What a mapped superclass or a parent
 * entity declares is judged where it is declared, once.
 */
final class StratifiedModelReader {

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
					"annotate it with @Entity; mapping it by XML alone is not supported");
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
		Class<?> idType = new IdRules(this.faults).check(entity);
		new EntityRules(this.faults).check(entity);
		EntityAttribute.forEachOwn(entity, (attribute) -> attributeRules().check(declared.scope(), attribute));
		String scopeId = scopeId(entity);
		if (scopeId != null && entity.getDeclaredAnnotation(Stratified.class) != null
				&& !isBasicAttribute(entity, scopeId)) {
			fault(entity.getSimpleName() + "." + scopeId,
					"is named by @Stratified(scopeId) but is no basic attribute of the entity",
					"name the attribute that holds the scope id, or leave scopeId out");
		}
		return new StratifiedType(entity, declared.scope(), declared.root() && EntityHierarchy.isRoot(entity), scopeId,
				idType);
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

	private static boolean isBasicAttribute(Class<?> entity, String name) {
		List<EntityAttribute> found = new ArrayList<>();
		EntityAttribute.forEachDirect(entity, (attribute) -> {
			if (attribute.name().equals(name) && attribute.isBasic()) {
				found.add(attribute);
			}
		});
		return !found.isEmpty();
	}

	private void fault(Class<?> type, String problem, String remedy) {
		fault(type.getSimpleName(), problem, remedy);
	}

	private void fault(String where, String problem, String remedy) {
		this.faults.add(new MappingFault(where, problem, remedy));
	}

}
