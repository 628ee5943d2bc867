package io.strates.sample.catalog;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.strates.sample.debian.DependencyType;
import io.strates.sample.suite.State;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Component;

/** Answers questions about the packages of the state that is pinned. */
@Component
class PackageQueries {

	private static final Set<DependencyType> NEEDED = EnumSet.of(DependencyType.DEPENDS, DependencyType.PRE_DEPENDS);

	private final PackageRepository packages;

	private final DependencyRepository dependencies;

	private final PackageTagRepository tags;

	PackageQueries(PackageRepository packages, DependencyRepository dependencies, PackageTagRepository tags) {
		this.packages = packages;
		this.dependencies = dependencies;
		this.tags = tags;
	}

	Optional<DebianPackage> find(String name) {
		return this.packages.find(name);
	}

	/** Completes a package with its tags and dependencies: three statements. */
	PackageView view(DebianPackage row, State state) {
		Section section = row.getSection();
		Maintainer maintainer = row.getMaintainer();
		return new PackageView(row.getId(), row.getVersion(), row.getArchitecture(),
				(section != null) ? section.getId() : null, row.getPriority(),
				(maintainer != null) ? maintainer.getContact() : null, row.getInstalledSize(), row.getDescription(),
				row.getHomepage(), this.tags.findTags(row.getId()),
				clauses(this.dependencies.findByDependent(row.getId())), state.release(), state.buildStrate());
	}

	private List<PackageView.Clause> clauses(List<Dependency> rows) {
		Set<String> targets = rows.stream().map(Dependency::getTarget).collect(Collectors.toSet());
		Set<String> known = targets.isEmpty() ? Set.of() : this.packages.findNames(targets);
		List<PackageView.Clause> clauses = new ArrayList<>();
		for (Dependency row : rows) {
			if (row.getAlternative() == 0) {
				clauses.add(new PackageView.Clause(row.getType().field().toLowerCase(Locale.ROOT), new ArrayList<>()));
			}
			clauses.get(clauses.size() - 1)
				.alternatives()
				.add(new PackageView.Alternative(row.getTarget(), row.getRelation(), row.getVersion(),
						known.contains(row.getTarget())));
		}
		return clauses;
	}

	Page<PackageSummary> search(PackageSearch search, int page, int size) {
		return this.packages.findAll(search, PageRequest.of(page, size, Sort.by("id"))).map(PackageSummary::of);
	}

	/** Returns who needs a package, or nothing if it is neither there nor needed. */
	Optional<List<String>> dependents(String name) {
		List<String> found = this.dependencies.findDependents(name, NEEDED).stream().sorted().toList();
		return (!found.isEmpty() || this.packages.existsById(name)) ? Optional.of(found) : Optional.empty();
	}

}
