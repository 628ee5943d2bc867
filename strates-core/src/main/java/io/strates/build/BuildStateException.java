package io.strates.build;

import io.strates.StratesException;

/**
 * Thrown when the status of a build does not allow what was asked, such as writing to a
 * sealed build.
 *
 * @since 0.1.0
 */
public class BuildStateException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient BuildInfo build;

	/**
	 * Creates an exception.
	 * @param build the build as it was found
	 * @param remedy what was refused and what can be done instead
	 */
	public BuildStateException(BuildInfo build, String remedy) {
		super(build.describe() + " is " + build.status()
				+ ((build.failure() != null) ? " (" + build.failure() + ")" : "") + "; " + remedy);
		this.build = build;
	}

	/**
	 * Returns the build as it was found.
	 * @return the build
	 */
	public BuildInfo getBuild() {
		return this.build;
	}

}
