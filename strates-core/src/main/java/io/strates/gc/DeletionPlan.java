package io.strates.gc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;

/**
 * The order in which the rows of a build leave the tables of a scope, and the references
 * that have to be cut before.
 */
/*
 * A transaction deletes some rows of one table, so whatever refers to them must be gone
 * already. Tables in the order "children first" see to that, except where references run
 * in a circle: from a table to itself, or back through other tables. Those are cut first,
 * by setting them to null; in a circle of several tables, enough of the nullable ones. A
 * reference of a table to itself that cannot be null is pointed at its own row, which
 * goes together with it. No circle of several tables lacks a nullable reference, since no
 * row could ever be inserted into it.
 */
final class DeletionPlan {

	private final List<StratifiedTable> childrenFirst;

	private final Map<StratifiedTable, List<Cut>> cuts = new LinkedHashMap<>();

	/**
	 * Makes a plan.
	 * @param tables the tables of a scope, as far as possible children first
	 * @param references the references between them
	 * @param nullable whether the column of a reference may be null
	 */
	DeletionPlan(List<StratifiedTable> tables, List<StratifiedReference> references,
			Predicate<StratifiedReference> nullable) {
		Map<StratifiedTable, List<StratifiedTable>> parents = new HashMap<>();
		tables.forEach((table) -> parents.put(table, owners(table, tables)));
		List<StratifiedReference> others = new ArrayList<>();
		for (StratifiedReference reference : references) {
			if (reference.from().equals(reference.to())) {
				cut(reference, nullable.test(reference));
			}
			else {
				others.add(reference);
				parents(parents, reference.from()).add(reference.to());
			}
		}
		for (StratifiedReference reference : others) {
			if (reaches(reference.to(), reference.from(), parents, new LinkedHashSet<>()) && nullable.test(reference)) {
				cut(reference, true);
				parents(parents, reference.from()).remove(reference.to());
			}
		}
		this.childrenFirst = sort(tables, parents);
	}

	/**
	 * A reference that is cut.
	 *
	 * @param column the column of the reference
	 * @param nullable whether it becomes null; else it is pointed at its own row
	 */
	record Cut(String column, boolean nullable) {
	}

	/**
	 * Returns the tables in the order in which their rows go.
	 * @return the tables, children first once the references are cut
	 */
	List<StratifiedTable> childrenFirst() {
		return this.childrenFirst;
	}

	/**
	 * Returns what has to be cut before the first row goes.
	 * @return the references by their tables
	 */
	Map<StratifiedTable, List<Cut>> cuts() {
		return this.cuts;
	}

	private void cut(StratifiedReference reference, boolean nullable) {
		List<Cut> cuts = this.cuts.computeIfAbsent(reference.from(), (table) -> new ArrayList<>());
		Cut cut = new Cut(reference.column(), nullable);
		if (!cuts.contains(cut)) {
			cuts.add(cut);
		}
	}

	/** The rows of subclasses and of collections hang on those of their entities. */
	private static List<StratifiedTable> owners(StratifiedTable table, List<StratifiedTable> tables) {
		List<StratifiedTable> owners = new ArrayList<>();
		for (StratifiedTable other : tables) {
			if (!other.equals(table) && table.kind() != Kind.ENTITY && other.kind() != Kind.COLLECTION
					&& other.type().javaType().isAssignableFrom(table.type().javaType())) {
				owners.add(other);
			}
		}
		return owners;
	}

	private static boolean reaches(StratifiedTable from, StratifiedTable to,
			Map<StratifiedTable, List<StratifiedTable>> parents, Set<StratifiedTable> seen) {
		if (from.equals(to)) {
			return true;
		}
		return seen.add(from)
				&& parents(parents, from).stream().anyMatch((parent) -> reaches(parent, to, parents, seen));
	}

	private static List<StratifiedTable> sort(List<StratifiedTable> tables,
			Map<StratifiedTable, List<StratifiedTable>> parents) {
		Set<StratifiedTable> visited = new LinkedHashSet<>();
		List<StratifiedTable> parentsFirst = new ArrayList<>();
		for (int i = tables.size() - 1; i >= 0; i--) {
			visit(tables.get(i), parents, visited, parentsFirst);
		}
		Collections.reverse(parentsFirst);
		return List.copyOf(parentsFirst);
	}

	private static void visit(StratifiedTable table, Map<StratifiedTable, List<StratifiedTable>> parents,
			Set<StratifiedTable> visited, List<StratifiedTable> parentsFirst) {
		if (visited.add(table)) {
			parents(parents, table).forEach((parent) -> visit(parent, parents, visited, parentsFirst));
			parentsFirst.add(table);
		}
	}

	private static List<StratifiedTable> parents(Map<StratifiedTable, List<StratifiedTable>> parents,
			StratifiedTable table) {
		return parents.computeIfAbsent(table, (none) -> new ArrayList<>());
	}

}
