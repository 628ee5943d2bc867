package io.strates.sample.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.strates.sample.debian.DependencyClause;
import io.strates.sample.debian.DependencyType;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.debian.PackageSelection;

/**
 * Makes the rows of a build from a selection of packages: first the suite, then what
 * packages refer to, then package by package. Thread-safe once created.
 */
final class CatalogRows {

	private final Suite suite;

	private final Map<String, Section> sections;

	private final Map<String, Maintainer> maintainers;

	private final Map<String, Tag> tags;

	CatalogRows(Suite suite, PackageSelection selection) {
		this(suite, selection.sections(), selection.maintainers(), selection.tags());
	}

	CatalogRows(Suite suite, Set<String> sections, Set<String> maintainers, Set<String> tags) {
		this.suite = suite;
		this.sections = byText(sections, (text) -> new Section(suite, text));
		this.maintainers = byText(maintainers, (text) -> new Maintainer(suite, text));
		this.tags = byText(tags, (text) -> new Tag(suite, text));
	}

	private static <T> Map<String, T> byText(Set<String> texts, Function<String, T> factory) {
		Map<String, T> rows = new LinkedHashMap<>();
		texts.forEach((text) -> rows.put(text, factory.apply(text)));
		return rows;
	}

	Suite suite() {
		return this.suite;
	}

	Collection<Section> sections() {
		return this.sections.values();
	}

	Collection<Maintainer> maintainers() {
		return this.maintainers.values();
	}

	Collection<Tag> tags() {
		return this.tags.values();
	}

	/**
	 * Returns the rows of one package of the selection.
	 */
	PackageRows of(PackageEntry entry) {
		DebianPackage debianPackage = new DebianPackage(this.suite, entry, find(this.sections, entry.section()),
				find(this.maintainers, entry.maintainer()));
		List<PackageTag> packageTags = entry.tags()
			.stream()
			.map((tag) -> new PackageTag(debianPackage, get(this.tags, tag)))
			.toList();
		return new PackageRows(debianPackage, dependencies(debianPackage, entry.dependencies()), packageTags);
	}

	private static <T> @Nullable T find(Map<String, T> rows, @Nullable String text) {
		return (text != null) ? get(rows, text) : null;
	}

	private static <T> T get(Map<String, T> rows, String text) {
		T row = rows.get(text);
		if (row == null) {
			throw new IllegalArgumentException(
					"\"%s\" is not in the selection that the rows are made from".formatted(text));
		}
		return row;
	}

	private static List<Dependency> dependencies(DebianPackage dependent, List<DependencyClause> clauses) {
		List<Dependency> dependencies = new ArrayList<>(clauses.size());
		int number = 0;
		@Nullable DependencyType type = null;
		for (DependencyClause clause : clauses) {
			number = (clause.type() == type) ? number + 1 : 0;
			type = clause.type();
			for (int place = 0; place < clause.alternatives().size(); place++) {
				dependencies.add(new Dependency(dependent, type, number, place, clause.alternatives().get(place)));
			}
		}
		return dependencies;
	}

}
