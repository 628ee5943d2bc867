package io.strates.sample.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.strates.query.Pin;
import io.strates.query.ReadModelLoader;

/**
 * Makes the details of packages from the rows of a build: four statements for any number.
 */
class PackageDetailsLoader implements ReadModelLoader<String, PackageDetails> {

	private final PackageRepository packages;

	private final DependencyRepository dependencies;

	private final PackageTagRepository tags;

	PackageDetailsLoader(PackageRepository packages, DependencyRepository dependencies, PackageTagRepository tags) {
		this.packages = packages;
		this.dependencies = dependencies;
		this.tags = tags;
	}

	@Override
	public Map<String, PackageDetails> load(Pin pin, Set<String> names) {
		Map<String, PackageDetails> details = new HashMap<>();
		List<DebianPackage> rows = this.packages.findDetailed(names);
		if (rows.isEmpty()) {
			return details;
		}
		Map<String, List<String>> tagsOf = grouped(this.tags.findTags(names), String.class);
		Map<String, List<Dependency>> dependenciesOf = grouped(this.dependencies.findByDependents(names),
				Dependency.class);
		Set<String> known = known(dependenciesOf.values());
		for (DebianPackage row : rows) {
			details.put(row.getId(), details(row, tagsOf.getOrDefault(row.getId(), List.of()),
					clauses(dependenciesOf.getOrDefault(row.getId(), List.of()), known)));
		}
		return details;
	}

	private static PackageDetails details(DebianPackage row, List<String> tags, List<PackageDetails.Clause> clauses) {
		Section section = row.getSection();
		Maintainer maintainer = row.getMaintainer();
		return new PackageDetails(row.getId(), row.getVersion(), row.getArchitecture(),
				(section != null) ? section.getId() : null, row.getPriority(),
				(maintainer != null) ? maintainer.getContact() : null, row.getInstalledSize(), row.getDescription(),
				row.getHomepage(), tags, clauses);
	}

	private static <T> Map<String, List<T>> grouped(List<Object[]> rows, Class<T> type) {
		Map<String, List<T>> groups = new HashMap<>();
		for (Object[] row : rows) {
			groups.computeIfAbsent((String) row[0], (name) -> new ArrayList<>()).add(type.cast(row[1]));
		}
		return groups;
	}

	private Set<String> known(Collection<List<Dependency>> dependencies) {
		Set<String> targets = dependencies.stream()
			.flatMap(List::stream)
			.map(Dependency::getTarget)
			.collect(Collectors.toSet());
		return targets.isEmpty() ? Set.of() : this.packages.findNames(targets);
	}

	private static List<PackageDetails.Clause> clauses(List<Dependency> rows, Set<String> known) {
		List<PackageDetails.Clause> clauses = new ArrayList<>();
		for (Dependency row : rows) {
			if (row.getAlternative() == 0) {
				clauses
					.add(new PackageDetails.Clause(row.getType().field().toLowerCase(Locale.ROOT), new ArrayList<>()));
			}
			clauses.get(clauses.size() - 1)
				.alternatives()
				.add(new PackageDetails.Alternative(row.getTarget(), row.getRelation(), row.getVersion(),
						known.contains(row.getTarget())));
		}
		return clauses;
	}

}
