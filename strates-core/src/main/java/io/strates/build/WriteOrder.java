package io.strates.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedType;

/** The entities of a scope in the order in which their rows may be stored. */
/*
 * Entities that refer to each other in a circle form one group, found by Tarjan's
 * algorithm, which also yields the groups in the order wanted here: those that are
 * referred to come first. Rows of a group with such a circle, or of an entity that refers
 * to itself, are stored in the order in which they were written.
 */
final class WriteOrder {

	private final StratifiedSchema schema;

	private final String scope;

	private final List<Group> groups = new ArrayList<>();

	/**
	 * Entities whose rows are stored together.
	 *
	 * @param types the entities
	 * @param ordered whether rows may refer to rows of the same group
	 * @param parents the groups before this one that its rows may refer to
	 */
	record Group(Set<StratifiedType> types, boolean ordered, List<Group> parents) {
	}

	WriteOrder(StratifiedSchema schema, String scope) {
		this.schema = schema;
		this.scope = scope;
		Map<StratifiedType, Set<StratifiedType>> targets = new LinkedHashMap<>();
		for (StratifiedType type : schema.model().types(scope)) {
			targets.put(type, targets(type));
		}
		new Grouping(targets).run();
	}

	/** The groups, those that are referred to before those that refer to them. */
	List<Group> groups() {
		return this.groups;
	}

	StratifiedType require(Object entity, BuildInfo build) {
		StratifiedType type = this.schema.model().require(entity.getClass());
		if (!type.scope().equals(this.scope)) {
			throw new IllegalArgumentException(type.name() + " belongs to scope '" + type.scope() + "' but "
					+ build.describe() + " holds scope '" + this.scope + "'; write it to a build of its own scope");
		}
		return type;
	}

	private Set<StratifiedType> targets(StratifiedType type) {
		Set<StratifiedType> targets = new LinkedHashSet<>();
		for (StratifiedReference reference : this.schema.references(this.scope)) {
			if (sharesRows(reference.from(), type)) {
				for (StratifiedType target : this.schema.model().types(this.scope)) {
					if (sharesRows(reference.to(), target)) {
						targets.add(target);
					}
				}
			}
		}
		return targets;
	}

	/** Whether rows of the table may come from the entity, counting its hierarchy. */
	private static boolean sharesRows(StratifiedTable table, StratifiedType type) {
		return table.type().javaType().isAssignableFrom(type.javaType())
				|| type.javaType().isAssignableFrom(table.type().javaType());
	}

	/** One run of Tarjan's algorithm for strongly connected components. */
	private final class Grouping {

		private final Map<StratifiedType, Set<StratifiedType>> targets;

		private final Map<StratifiedType, Integer> index = new HashMap<>();

		private final Map<StratifiedType, Integer> low = new HashMap<>();

		private final Deque<StratifiedType> stack = new ArrayDeque<>();

		private final Map<StratifiedType, Group> grouped = new HashMap<>();

		Grouping(Map<StratifiedType, Set<StratifiedType>> targets) {
			this.targets = targets;
		}

		void run() {
			this.targets.keySet().forEach((type) -> {
				if (!this.index.containsKey(type)) {
					visit(type);
				}
			});
		}

		private void visit(StratifiedType type) {
			int number = this.index.size();
			this.index.put(type, number);
			this.low.put(type, number);
			this.stack.push(type);
			for (StratifiedType target : targetsOf(type)) {
				Integer seen = this.index.get(target);
				if (seen == null) {
					visit(target);
					this.low.merge(type, this.low.getOrDefault(target, number), Math::min);
				}
				else if (!this.grouped.containsKey(target)) {
					this.low.merge(type, seen, Math::min);
				}
			}
			if (this.low.getOrDefault(type, number) == number) {
				addGroup(type);
			}
		}

		private void addGroup(StratifiedType first) {
			Set<StratifiedType> types = new LinkedHashSet<>();
			StratifiedType popped;
			do {
				popped = this.stack.pop();
				types.add(popped);
			}
			while (!popped.equals(first));
			boolean ordered = false;
			Set<Group> parents = new LinkedHashSet<>();
			for (StratifiedType type : types) {
				for (StratifiedType target : targetsOf(type)) {
					Group parent = this.grouped.get(target);
					if (parent == null) {
						ordered = true;
					}
					else {
						parents.add(parent);
					}
				}
			}
			Group group = new Group(types, ordered, List.copyOf(parents));
			types.forEach((type) -> this.grouped.put(type, group));
			WriteOrder.this.groups.add(group);
		}

		private Set<StratifiedType> targetsOf(StratifiedType type) {
			return this.targets.getOrDefault(type, Set.of());
		}

	}

}
