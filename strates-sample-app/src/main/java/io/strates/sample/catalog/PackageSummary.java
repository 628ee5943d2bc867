package io.strates.sample.catalog;

import org.jspecify.annotations.Nullable;

/** A package as lists show it. */
record PackageSummary(String name, String version, String architecture, @Nullable String section,
		@Nullable String priority, @Nullable String description) {

	static PackageSummary of(DebianPackage row) {
		Section section = row.getSection();
		return new PackageSummary(row.getId(), row.getVersion(), row.getArchitecture(),
				(section != null) ? section.getId() : null, row.getPriority(), row.getDescription());
	}

}
