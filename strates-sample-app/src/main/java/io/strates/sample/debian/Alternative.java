package io.strates.sample.debian;

import org.jspecify.annotations.Nullable;

/**
 * One of the packages that satisfy a clause. Architecture qualifiers and restrictions are
 * read over: an index of one architecture has already applied them.
 *
 * @param name the name of a package, real or virtual
 * @param constraint which versions will do, or {@code null} if any
 */
public record Alternative(String name, @Nullable Constraint constraint) {

	/**
	 * A limit on versions, such as {@code >= 2.36}.
	 *
	 * @param relation how versions must relate
	 * @param version to which one
	 */
	public record Constraint(VersionRelation relation, DebianVersion version) {
	}

}
