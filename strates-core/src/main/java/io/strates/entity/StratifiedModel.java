package io.strates.entity;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The stratified entities of an application, read from their annotations and found free
 * of faults.
 *
 * <p>
 * Immutable and thread-safe. Created once at start-up, before the persistence provider
 * binds the entities.
 *
 * @since 0.1.0
 */
public final class StratifiedModel {

	private final Map<Class<?>, StratifiedType> types;

	private final List<StratifiedAssociation> associations;

	private final Map<String, StratifiedType> roots;

	StratifiedModel(Collection<StratifiedType> types, Collection<StratifiedAssociation> associations) {
		Map<Class<?>, StratifiedType> byClass = new LinkedHashMap<>();
		Map<String, StratifiedType> rootByScope = new TreeMap<>();
		for (StratifiedType type : types) {
			byClass.put(type.javaType(), type);
			if (type.root()) {
				rootByScope.put(type.scope(), type);
			}
		}
		this.types = byClass;
		this.roots = rootByScope;
		this.associations = List.copyOf(associations);
	}

	/**
	 * Reads the model from the managed classes of a persistence unit.
	 * @param managedClasses entities, embeddables and mapped superclasses
	 * @return the model
	 * @throws StratesMappingException if anything is declared wrongly; lists every fault
	 */
	public static StratifiedModel of(Collection<Class<?>> managedClasses) {
		return new StratifiedModelReader(managedClasses).read();
	}

	/**
	 * Returns the scopes that are declared.
	 * @return their names, sorted
	 */
	public Set<String> scopes() {
		return this.roots.keySet();
	}

	/**
	 * Returns the root of a scope.
	 * @param scope the name of a declared scope
	 * @return the root entity
	 * @throws UnknownScopeException if no root declares the scope
	 */
	public StratifiedType root(String scope) {
		StratifiedType root = this.roots.get(scope);
		if (root == null) {
			throw new UnknownScopeException(scope, scopes());
		}
		return root;
	}

	/**
	 * Returns all stratified entities.
	 * @return the entities, in the order of their names
	 */
	public Collection<StratifiedType> types() {
		return this.types.values();
	}

	/**
	 * Returns the entities of a scope.
	 * @param scope the name of a declared scope
	 * @return the entities, in the order of their names
	 */
	public List<StratifiedType> types(String scope) {
		root(scope);
		return this.types.values()
			.stream()
			.filter((type) -> type.scope().equals(scope))
			.collect(Collectors.toUnmodifiableList());
	}

	/**
	 * Returns the stratified entity of a class, which may be a subclass that a proxy
	 * made.
	 * @param javaType the class to look up
	 * @return the entity, or {@code null} if the class is not stratified
	 */
	public @Nullable StratifiedType find(Class<?> javaType) {
		for (Class<?> type = javaType; type != null && type != Object.class; type = type.getSuperclass()) {
			StratifiedType found = this.types.get(type);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	/**
	 * Returns the stratified entity of a class.
	 * @param javaType the class to look up
	 * @return the entity
	 * @throws IllegalArgumentException if the class is not stratified
	 */
	public StratifiedType require(Class<?> javaType) {
		StratifiedType found = find(javaType);
		if (found == null) {
			throw new IllegalArgumentException(javaType.getName() + " is not a stratified entity; annotate it with "
					+ "@Stratified(scope = …) and let it extend StratifiedEntity");
		}
		return found;
	}

	/**
	 * Returns the owning to-one associations between entities of one scope.
	 * @return the associations, each annotated member once
	 */
	public List<StratifiedAssociation> associations() {
		return this.associations;
	}

}
