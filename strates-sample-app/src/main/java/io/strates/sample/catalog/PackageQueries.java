package io.strates.sample.catalog;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.strates.sample.debian.DependencyType;

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

	PackageQueries(PackageRepository packages, DependencyRepository dependencies) {
		this.packages = packages;
		this.dependencies = dependencies;
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
