package io.strates.build;

import java.util.HashSet;
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
final class WriteOrder {

	private final StratifiedSchema schema;

	private final String scope;

	private final List<StratifiedType> types;

	private final Map<StratifiedType, List<StratifiedType>> parents = new LinkedHashMap<>();

	private final Set<StratifiedType> selfReferring = new HashSet<>();

	WriteOrder(StratifiedSchema schema, String scope) {
		this.schema = schema;
		this.scope = scope;
		Set<StratifiedType> ordered = new LinkedHashSet<>();
		schema.parentsFirst(scope).forEach((table) -> ordered.add(table.type()));
		ordered.addAll(schema.model().types(scope));
		this.types = List.copyOf(ordered);
		for (StratifiedType type : this.types) {
			this.parents.put(type, findParents(type));
		}
	}

	List<StratifiedType> types() {
		return this.types;
	}

	/** The entities before this one in the order that its rows may refer to. */
	List<StratifiedType> parents(StratifiedType type) {
		return this.parents.getOrDefault(type, List.of());
	}

	boolean refersToItself(StratifiedType type) {
		return this.selfReferring.contains(type);
	}

	StratifiedType require(Object entity, BuildInfo build) {
		StratifiedType type = this.schema.model().require(entity.getClass());
		if (!type.scope().equals(this.scope)) {
			throw new IllegalArgumentException(type.name() + " belongs to scope '" + type.scope() + "' but "
					+ build.describe() + " holds scope '" + this.scope + "'; write it to a build of its own scope");
		}
		return type;
	}

	private List<StratifiedType> findParents(StratifiedType type) {
		Set<StratifiedType> found = new LinkedHashSet<>();
		for (StratifiedReference reference : this.schema.references(this.scope)) {
			if (!sharesRows(reference.from(), type)) {
				continue;
			}
			for (StratifiedType target : this.types) {
				if (!sharesRows(reference.to(), target)) {
					continue;
				}
				if (target.equals(type) || this.types.indexOf(target) > this.types.indexOf(type)) {
					this.selfReferring.add(type);
				}
				else {
					found.add(target);
				}
			}
		}
		return List.copyOf(found);
	}

	/** Whether rows of the table may come from the entity, counting its hierarchy. */
	private static boolean sharesRows(StratifiedTable table, StratifiedType type) {
		return table.type().javaType().isAssignableFrom(type.javaType())
				|| type.javaType().isAssignableFrom(table.type().javaType());
	}

}
