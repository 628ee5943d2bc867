package io.strates.sample.catalog;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A package with all that belongs to it, made from the rows of one build. */
record PackageDetails(String name, String version, String architecture, @Nullable String section,
		@Nullable String priority, @Nullable String maintainer, @Nullable Long installedSize,
		@Nullable String description, @Nullable String homepage, List<String> tags, List<Clause> dependencies) {

	/**
	 * What stands between two commas of a field: alternatives, one of which must be met.
	 *
	 * @param type the name of the field, in lower case
	 * @param alternatives the alternatives, the preferred one first
	 */
	record Clause(String type, List<Alternative> alternatives) {
	}

	/**
	 * One of the packages that satisfy a clause.
	 *
	 * @param name the name of a package, real or virtual
	 * @param relation how its version must relate to {@code version}, or {@code null} if
	 * any will do
	 * @param version the version that limits it, or {@code null}
	 * @param known whether the state has a package of that name
	 */
	record Alternative(String name, @Nullable String relation, @Nullable String version, boolean known) {
	}

}
