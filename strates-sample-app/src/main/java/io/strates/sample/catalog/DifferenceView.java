package io.strates.sample.catalog;

import java.util.List;

/**
 * What became of the packages between two releases, sorted by name.
 *
 * @param added the names that only the later one has
 * @param removed the names that only the earlier one has
 * @param changed the packages that differ
 */
record DifferenceView(List<String> added, List<String> removed, List<Change> changed) {

	/**
	 * A package that differs, which need not be its version.
	 *
	 * @param name the name
	 * @param from the version in the earlier release
	 * @param to the version in the later release
	 */
	record Change(String name, String from, String to) {
	}

}
