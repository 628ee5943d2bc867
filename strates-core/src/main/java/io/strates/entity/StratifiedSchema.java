package io.strates.entity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tables of the stratified entities and how they refer to each other, as the
 * persistence provider has bound them.
 *
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class StratifiedSchema {

	private final StratifiedModel model;

	private final List<StratifiedTable> parentsFirst;

	private final List<StratifiedReference> references;

	private final Map<Class<?>, List<StratifiedTable>> byType = new HashMap<>();

	/**
	 * Creates a schema.
	 * @param model the entities
	 * @param tables their tables
	 * @param references the associations between them
	 */
	public StratifiedSchema(StratifiedModel model, Collection<StratifiedTable> tables,
			Collection<StratifiedReference> references) {
		this.model = model;
		this.references = List.copyOf(references);
		this.parentsFirst = sort(tables);
		for (StratifiedTable table : tables) {
			this.byType.computeIfAbsent(table.type().javaType(), (type) -> new ArrayList<>()).add(table);
		}
	}

	/**
	 * Returns the entities.
	 * @return the entities
	 */
	public StratifiedModel model() {
		return this.model;
	}

	/**
	 * Returns the tables of a scope in an order in which rows may be inserted.
	 * @param scope the name of a declared scope
	 * @return the tables, a referenced table before those that refer to it; inside a
	 * cycle of references the order is arbitrary
	 */
	public List<StratifiedTable> parentsFirst(String scope) {
		return this.parentsFirst.stream().filter((table) -> table.type().scope().equals(scope)).toList();
	}

	/**
	 * Returns the tables of a scope in an order in which rows may be deleted.
	 * @param scope the name of a declared scope
	 * @return the tables, children before their parents
	 */
	public List<StratifiedTable> childrenFirst(String scope) {
		List<StratifiedTable> tables = new ArrayList<>(parentsFirst(scope));
		Collections.reverse(tables);
		return tables;
	}

	/**
	 * Returns all tables.
	 * @return the tables of all scopes, parents first
	 */
	public List<StratifiedTable> tables() {
		return this.parentsFirst;
	}

	/**
	 * Returns the tables that hold the rows of one entity.
	 * @param type the entity
	 * @return its own tables, without those of its parents or subclasses in a hierarchy
	 */
	public List<StratifiedTable> tables(StratifiedType type) {
		return this.byType.getOrDefault(type.javaType(), List.of());
	}

	/**
	 * Returns the associations inside a scope.
	 * @param scope the name of a declared scope
	 * @return the associations
	 */
	public List<StratifiedReference> references(String scope) {
		return this.references.stream().filter((reference) -> reference.from().type().scope().equals(scope)).toList();
	}

	private List<StratifiedTable> sort(Collection<StratifiedTable> tables) {
		Map<Class<?>, StratifiedTable> own = new HashMap<>();
		for (StratifiedTable table : tables) {
			if (table.kind() != StratifiedTable.Kind.COLLECTION) {
				own.put(table.type().javaType(), table);
			}
		}
		Map<StratifiedTable, Set<StratifiedTable>> parents = new LinkedHashMap<>();
		for (StratifiedTable table : tables) {
			Set<StratifiedTable> above = parents.computeIfAbsent(table, (key) -> new LinkedHashSet<>());
			for (Class<?> type = table.type().javaType(); type != null; type = type.getSuperclass()) {
				StratifiedTable parent = own.get(type);
				if (parent != null && !parent.equals(table)) {
					above.add(parent);
				}
			}
		}
		for (StratifiedReference reference : this.references) {
			Objects.requireNonNull(parents.get(reference.from())).add(reference.to());
		}
		Set<StratifiedTable> sorted = new LinkedHashSet<>();
		Set<StratifiedTable> visiting = new LinkedHashSet<>();
		parents.keySet().forEach((table) -> visit(table, parents, visiting, sorted));
		return List.copyOf(sorted);
	}

	private static void visit(StratifiedTable table, Map<StratifiedTable, Set<StratifiedTable>> parents,
			Set<StratifiedTable> visiting, Set<StratifiedTable> sorted) {
		if (sorted.contains(table) || !visiting.add(table)) {
			return;
		}
		Objects.requireNonNull(parents.get(table)).forEach((parent) -> visit(parent, parents, visiting, sorted));
		sorted.add(table);
	}

}
