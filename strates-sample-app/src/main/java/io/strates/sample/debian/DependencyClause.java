package io.strates.sample.debian;

import java.util.List;

/**
 * What stands between two commas of a dependency field: alternatives, one of which must
 * be met.
 *
 * @param type the field
 * @param alternatives at least one, the preferred one first
 */
public record DependencyClause(DependencyType type, List<Alternative> alternatives) {

	/**
	 * Copies the alternatives.
	 */
	public DependencyClause {
		alternatives = List.copyOf(alternatives);
	}

}
