package io.strates.sample.debian;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an index says of one package.
 *
 * @param line the number of the stanza's first line
 * @param name the name
 * @param version the version
 * @param architecture the architecture, or {@code all}
 * @param section what it belongs to, such as {@code libs}
 * @param priority how important it is to an installation
 * @param maintainer who maintains it, with the address
 * @param installedSize an estimate in KiB
 * @param description the synopsis, and whatever follows it
 * @param homepage the address of its site
 * @param tags its tags, each once
 * @param dependencies its clauses: depends, pre-depends, recommends, each in the index's
 * order
 */
public record PackageEntry(long line, String name, DebianVersion version, String architecture, @Nullable String section,
		@Nullable String priority, @Nullable String maintainer, @Nullable Long installedSize,
		@Nullable String description, @Nullable String homepage, List<String> tags,
		List<DependencyClause> dependencies) {

	/** The longest name that is read. */
	public static final int MAX_NAME = 200;

	/** The longest version that is read. */
	public static final int MAX_VERSION = 200;

	/** The longest tag that is read. */
	public static final int MAX_TAG = 200;

	/** The longest architecture, section or priority that is read. */
	public static final int MAX_WORD = 100;

	/** The longest maintainer that is read. */
	public static final int MAX_MAINTAINER = 1000;

	/** The longest description or homepage that is read. */
	public static final int MAX_TEXT = 10_000;

	/**
	 * Copies the lists.
	 */
	public PackageEntry {
		tags = List.copyOf(tags);
		dependencies = List.copyOf(dependencies);
	}

}
