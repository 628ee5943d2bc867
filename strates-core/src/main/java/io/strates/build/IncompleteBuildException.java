package io.strates.build;

import java.util.List;

import io.strates.StratesException;

/**
 * Thrown when a build cannot be sealed: associations point at rows that the build does
 * not have, rows carry another scope id, or the build is empty. The build is left open,
 * so that what is missing can still be written.
 *
 * @since 0.1.0
 */
public class IncompleteBuildException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient BuildInfo build;

	private final transient List<String> violations;

	/**
	 * Creates an exception.
	 * @param build the build as it was found
	 * @param violations what is wrong, one line each
	 */
	public IncompleteBuildException(BuildInfo build, List<String> violations) {
		super(build.describe() + " cannot be sealed (" + violations.size() + "):\n  - "
				+ String.join("\n  - ", violations) + "\nWrite what is missing and seal again, or fail the build");
		this.build = build;
		this.violations = List.copyOf(violations);
	}

	/**
	 * Returns the build as it was found.
	 * @return the build
	 */
	public BuildInfo getBuild() {
		return this.build;
	}

	/**
	 * Returns what is wrong.
	 * @return the violations, one line each
	 */
	public List<String> getViolations() {
		return this.violations;
	}

}
